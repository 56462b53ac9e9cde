// should_include to its fixed point, then boots, then the plan.
#include "resolver/pipeline/build.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>
#include <utility>

#include "prescriptions/compile.h"
#include "resolver/pipeline/build_plan.h"
#include "resolver/pipeline/plan_parts.h"

namespace resolver::pipeline {
namespace {

namespace ps = prescriptions;
using ps::CompiledRules;

// Which conditions hold, and which units in C++ take part. Units that share their condition share
// its answer.
class Inclusion final : public Included {
 public:
  Inclusion(std::vector<Plan::Parts::Book>& books, const Request& request,
            std::span<const NativeUnit* const> native)
      : books_(books), request_(request), native_(native), native_in_(native.size(), 0) {}

  pep::Status run() {
    for (Plan::Parts::Book& book : books_) {
      book.included.assign(book.rules.condition_count(), 0);
      for (std::uint32_t i = 0; i < book.included.size(); ++i) {
        auto condition = book.rules.condition(i);
        if (!condition) return std::move(condition).error();
        if (!ps::is_included(*condition, request_.situation)) continue;
        if (condition->has_dependencies()) {
          waiting_.push_back({&book, i, std::move(*condition)});
        } else {
          book.included[i] = 1;
        }
      }
    }
    for (bool found = true; found;) {
      found = include_native();
      found = include_waiting() || found;
    }
    return pep::Done{};
  }

  bool contains(ps::Kind kind, std::string_view name) const override {
    const auto& natives = names_[static_cast<std::size_t>(kind)];
    if (natives.find(name) != natives.end()) return true;
    return std::ranges::any_of(books_, [&](const Plan::Parts::Book& book) {
      const auto unit = book.rules.find(kind, name);
      return unit && book.includes(*unit);
    });
  }

  bool contains_native(std::size_t i) const { return native_in_[i] != 0; }

 private:
  struct Waiting {
    Plan::Parts::Book* book;
    std::uint32_t number;
    ps::ShouldInclude condition;
  };

  bool has_all(const ps::ShouldInclude& condition) const {
    for (std::size_t kind = 0; kind < ps::kKinds; ++kind) {
      for (const std::string& name : condition.dependencies[kind]) {
        if (!contains(static_cast<ps::Kind>(kind), name)) return false;
      }
    }
    return true;
  }

  bool include_native() {
    bool found = false;
    for (std::size_t i = 0; i < native_.size(); ++i) {
      if (native_in_[i] != 0 || !native_[i]->should_include(request_, *this)) continue;
      native_in_[i] = 1;
      names_[static_cast<std::size_t>(native_[i]->kind())].emplace(native_[i]->name());
      found = true;
    }
    return found;
  }

  bool include_waiting() {
    return std::erase_if(waiting_, [&](const Waiting& waiting) {
             if (!has_all(waiting.condition)) return false;
             waiting.book->included[waiting.number] = 1;
             return true;
           }) > 0;
  }

  std::vector<Plan::Parts::Book>& books_;
  const Request& request_;
  std::span<const NativeUnit* const> native_;
  std::array<std::unordered_set<std::string, TextHash, std::equal_to<>>, ps::kKinds> names_;
  std::vector<Waiting> waiting_;
  std::vector<char> native_in_;
};

}  // namespace

pep::Result<Plan> build(std::span<const CompiledRules> books, const Request& request,
                        std::span<const NativeUnit* const> native) {
  Plan plan;
  PlanBuilder builder(plan);
  for (const CompiledRules& rules : books) builder.add(rules);
  Inclusion inclusion(builder.books(), request, native);
  if (auto done = inclusion.run(); !done) return std::move(done).error();
  for (std::size_t kind = 0; kind < ps::kKinds; ++kind) {
    builder.begin(static_cast<ps::Kind>(kind));
    for (std::size_t i = 0; i < native.size(); ++i) {
      if (native[i]->kind() == static_cast<ps::Kind>(kind) && inclusion.contains_native(i))
        builder.add(*native[i], request);
    }
  }
  builder.finish(native.size(), request);
  if (plan.fault()) return *plan.fault();
  return plan;
}

Plan build(const ps::Rulebook& book, const Request& request,
           std::span<const NativeUnit* const> native) {
  auto bytes = std::make_shared<std::string>(ps::compile(book));
  const std::string_view view = *bytes;
  auto rules = CompiledRules::open(view, std::move(bytes));
  if (!rules) return {};
  auto plan = build({&*rules, 1}, request, native);
  return plan ? std::move(*plan) : Plan();
}

}  // namespace resolver::pipeline

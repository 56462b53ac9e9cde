// should_include to its fixed point, then boots, then the plan.
#include "resolver/pipeline/build.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "resolver/pipeline/build_plan.h"
#include "resolver/pipeline/plan_parts.h"

namespace resolver::pipeline {
namespace {

namespace ps = prescriptions;

class NameSet final : public Included {
 public:
  bool contains(ps::Kind kind, std::string_view name) const override {
    const auto& names = names_[static_cast<std::size_t>(kind)];
    return names.find(name) != names.end();
  }
  void insert(ps::Kind kind, std::string_view name) {
    names_[static_cast<std::size_t>(kind)].emplace(name);
  }

 private:
  std::array<std::unordered_set<std::string, TextHash, std::equal_to<>>, ps::kKinds> names_;
};

bool has_all(const ps::ShouldInclude& condition, const Included& included) {
  for (std::size_t kind = 0; kind < ps::kKinds; ++kind) {
    for (const std::string& name : condition.dependencies[kind]) {
      if (!included.contains(static_cast<ps::Kind>(kind), name)) return false;
    }
  }
  return true;
}

// Which of `units` take part. Units that share their condition (a compiled rulebook's do) share its
// answer.
class Inclusion {
 public:
  Inclusion(const std::vector<const Unit*>& units, const Request& request,
            std::span<const NativeUnit* const> native)
      : units_(units),
        request_(request),
        native_(native),
        in_(units.size(), 0),
        native_in_(native.size(), 0) {}

  void run() {
    names_needed_ = std::ranges::any_of(
        units_, [](const Unit* unit) { return unit->should_include->has_dependencies(); });
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (!ps::is_included(*units_[i]->should_include, request_.situation)) continue;
      if (units_[i]->should_include->has_dependencies()) {
        waiting.push_back(i);
      } else {
        include(i);
      }
    }
    for (bool found = true; found;) {
      found = include_native();
      found = include_waiting(waiting) || found;
    }
  }

  bool contains(std::size_t i) const { return in_[i] != 0; }
  bool contains_native(std::size_t i) const { return native_in_[i] != 0; }

 private:
  void include(std::size_t i) {
    in_[i] = 1;
    if (names_needed_ || !native_.empty())
      names_.insert(ps::kind_of(*units_[i]), units_[i]->qualified);
  }

  bool include_native() {
    bool found = false;
    for (std::size_t i = 0; i < native_.size(); ++i) {
      if (native_in_[i] != 0 || !native_[i]->should_include(request_, names_)) continue;
      native_in_[i] = 1;
      names_.insert(native_[i]->kind(), native_[i]->name());
      found = true;
    }
    return found;
  }

  bool include_waiting(std::vector<std::size_t>& waiting) {
    const auto is_ready = [&](std::size_t i) {
      if (!has_all(*units_[i]->should_include, names_)) return false;
      include(i);
      return true;
    };
    return std::erase_if(waiting, is_ready) > 0;
  }

  const std::vector<const Unit*>& units_;
  const Request& request_;
  std::span<const NativeUnit* const> native_;
  NameSet names_;
  std::vector<char> in_;
  std::vector<char> native_in_;
  bool names_needed_ = false;
};

// By kind and name: the order in which entries are reported, whatever files the units came from.
std::vector<const Unit*> in_order(const ps::Rulebook& book) {
  std::vector<const Unit*> units;
  units.reserve(book.units.size());
  for (const Unit& unit : book.units) units.push_back(&unit);
  std::ranges::sort(units, [](const Unit* a, const Unit* b) {
    return std::pair(ps::kind_of(*a), std::string_view(a->qualified)) <
           std::pair(ps::kind_of(*b), std::string_view(b->qualified));
  });
  return units;
}

}  // namespace

Plan build(const ps::Rulebook& book, const Request& request,
           std::span<const NativeUnit* const> native) {
  Plan plan;
  PlanBuilder builder(plan);
  const std::vector<const Unit*> units = in_order(book);
  Inclusion inclusion(units, request, native);
  inclusion.run();
  builder.count_units(units.size() + native.size());
  std::size_t next = 0;
  for (std::size_t k = 0; k < ps::kKinds; ++k) {
    const ps::Kind kind = static_cast<ps::Kind>(k);
    for (std::size_t i = 0; i < native.size(); ++i) {
      if (native[i]->kind() == kind && inclusion.contains_native(i))
        builder.add(*native[i], request);
    }
    for (; next < units.size() && ps::kind_of(*units[next]) == kind; ++next) {
      if (inclusion.contains(next)) builder.add(*units[next]);
    }
  }
  builder.run_boots(request);
  return plan;
}

}  // namespace resolver::pipeline

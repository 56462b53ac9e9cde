// Following the includes of dependency groups.
#include "pep/groups.h"

#include <fmt/format.h>

#include <algorithm>

namespace pep {

namespace {

constexpr std::size_t kMostRequirements = 100'000;  // includes can double at every level
constexpr std::size_t kMostSteps = 100'000;
constexpr std::size_t kDeepest = 200;

struct Group {
  std::string written;
  const std::vector<GroupItem>* items;
};

class Resolver {
 public:
  // `asked` is a name as written.
  Status take(std::string_view asked) {
    const Name name = Name::of(asked);
    const auto found = groups_.find(name);
    if (found == groups_.end()) return no_such_group(asked);
    const auto begin = std::find(path_.begin(), path_.end(), name);
    if (begin != path_.end()) return cycle(begin, asked);
    if (path_.size() == kDeepest || ++steps_ > kMostSteps) return too_much();
    path_.push_back(name);
    for (const GroupItem& item : *found->second.items) {
      const auto* include = std::get_if<IncludeGroup>(&item);
      auto done = include != nullptr
                      ? take(include->name)
                      : requirement(std::get<std::string>(item), found->second.written);
      if (!done) return done;
    }
    path_.pop_back();
    return Done{};
  }

  Status add(const std::string& written, const std::vector<GroupItem>& items) {
    const auto [known, added] = groups_.try_emplace(Name::of(written), Group{written, &items});
    if (added) return Done{};
    return pep::error(
        Fault::kConfig,
        fmt::format("the dependency groups '{}' and '{}' have the same name in normal "
                    "form; rename or join them",
                    known->second.written, written));
  }

  std::vector<Requirement> requirements;

 private:
  Status requirement(const std::string& text, const std::string& group) {
    if (requirements.size() == kMostRequirements) return too_much();
    auto parsed = Requirement::parse(text);
    if (!parsed) {
      Error error = std::move(parsed).error();
      error.fault = Fault::kConfig;
      error.what = fmt::format("dependency group '{}': {}", group, error.what);
      return error;
    }
    requirements.push_back(*std::move(parsed));
    return Done{};
  }

  Status no_such_group(std::string_view asked) const {
    std::string what = fmt::format("there is no dependency group '{}'", asked);
    if (!path_.empty()) {
      what += fmt::format(", which group '{}' includes", groups_.at(path_.back()).written);
    }
    return pep::error(Fault::kNotFound, what);
  }

  Status cycle(std::vector<Name>::const_iterator begin, std::string_view asked) const {
    std::string way;
    for (auto at = begin; at != path_.end(); ++at) way += groups_.at(*at).written + " -> ";
    return pep::error(
        Fault::kConfig,
        fmt::format("dependency groups include each other in a circle: {}{}", way, asked));
  }

  static Status too_much() {
    return pep::error(Fault::kConfig, "the dependency groups' includes multiply beyond reason");
  }

  std::map<Name, Group> groups_;
  std::vector<Name> path_;  // groups being resolved, outermost first
  std::size_t steps_ = 0;
};

}  // namespace

Result<std::vector<Requirement>> resolve_group(const Groups& groups, std::string_view name) {
  Resolver resolver;
  for (const auto& [written, items] : groups) {
    if (auto done = resolver.add(written, items); !done) return std::move(done).error();
  }
  if (auto done = resolver.take(name); !done) return std::move(done).error();
  return std::move(resolver.requirements);
}

}  // namespace pep

#include "plugin/direct/closure.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "resolver/lock/requirement_text.h"

namespace plugin::direct {
namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

std::string place_of(const lock::RootRequirement& root) {
  return root.place.line > 0 ? fmt::format("{}:{}", root.place.file, root.place.line)
                             : root.place.file;
}

pep::Error at(pep::Error error, const lock::RootRequirement& root) {
  if (!error.place && !root.place.file.empty()) error.place = root.place;
  if (error.excerpt.empty()) error.excerpt = root.excerpt;
  return error;
}

class Closure {
 public:
  Closure(Inputs& inputs, const rpmenv::Target& target, index::OverlayClient& client,
          Builder* builder)
      : inputs_(inputs), target_(target), client_(client), reader_(client.below(), builder) {}

  pep::Result<Origins> read() {
    auto& question = inputs_.question;
    for (std::size_t i = 0; i < inputs_.overrides.size(); ++i) {
      const lock::RootRequirement& root = inputs_.overrides[i];
      if (!holds(root)) continue;
      if (auto done = take(root, question.overrides[i]); !done) return std::move(done).error();
      overridden_.insert(question.overrides[i].name);
    }
    if (auto done = take_all(inputs_.read.requirements, question.requirements); !done)
      return std::move(done).error();
    if (auto done = take_all(inputs_.read.constraints, question.constraints); !done)
      return std::move(done).error();
    if (auto done = follow(); !done) return std::move(done).error();
    Origins origins;
    for (auto& [name, known] : known_) {
      origins.emplace(name, std::move(known.source.origin));
      if (auto added = client_.add(std::move(known.source.direct)); !added)
        return std::move(added).error();
    }
    return origins;
  }

 private:
  struct Known {
    std::string canonical;
    std::string place;
    Source source;
  };

  bool holds(const lock::RootRequirement& root) const {
    return !root.requirement.marker || root.requirement.marker->holds(target_.environment);
  }

  // In the order of the files, so that the first fault is the one that is told.
  pep::Status take_all(const std::vector<lock::RootRequirement>& roots,
                       std::vector<pipeline::RootRequirement>& asked) {
    std::vector<pipeline::RootRequirement*> by_number(roots.size());
    for (pipeline::RootRequirement& one : asked) by_number.at(one.number) = &one;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      if (auto done = take(roots[i], by_number[i]->requirement); !done) return done;
    }
    return pep::Done{};
  }

  // What `root` points at, if it points elsewhere; `asked` is the same requirement where the
  // resolver reads it.
  pep::Status take(const lock::RootRequirement& root, pep::Requirement& asked) {
    if (!holds(root)) return pep::Done{};
    std::vector<pep::Name> extras = root.requirement.extras;
    if (root.origin != lock::Origin::kIndex) {
      auto location = location_of(root);
      if (!location) return std::move(location).error();
      const std::string spelled = asked.url;
      auto name = know(root, *location);
      if (!name) return at(std::move(name).error(), root);
      asked.name = *name;
      asked.spelled = name->str();
      for (pep::Name& extra : location->extras) asked.extras.push_back(std::move(extra));
      std::sort(asked.extras.begin(), asked.extras.end());
      asked.url = location->canonical();  // holds no secret, unlike what was written
      auto& urls = inputs_.question.direct_urls[*name];
      urls.push_back(asked.url);
      urls.push_back(spelled);
      extras = asked.extras;
    }
    extras_[asked.name].insert(extras.begin(), extras.end());
    return pep::Done{};
  }

  // Reads what is at `location`, unless an override says that its project comes from elsewhere.
  pep::Result<pep::Name> know(const lock::RootRequirement& root, const Location& location) {
    const pep::Name& asked = root.requirement.name;
    if (!asked.empty() && overridden_.contains(asked)) return asked;
    const std::string canonical = location.canonical();
    if (auto conflict = differs(asked, canonical, root)) return std::move(*conflict);
    for (const auto& [name, known] : known_) {
      if (known.canonical == canonical && (asked.empty() || asked == name)) return name;
    }
    auto source = reader_.read(location);
    if (!source) return std::move(source).error();
    const pep::Name name = source->direct.metadata.name;
    if (!asked.empty() && asked != name) {
      return pep::error(
          pep::Fault::kConflict,
          fmt::format("{} is asked for, and {} holds {}", asked.str(), location.shown, name.str()));
    }
    if (overridden_.contains(name)) return name;
    if (auto conflict = differs(name, canonical, root)) return std::move(*conflict);
    known_.emplace(
        name, Known{.canonical = canonical, .place = place_of(root), .source = std::move(*source)});
    open_.push_back(name);
    return name;
  }

  std::optional<pep::Error> differs(const pep::Name& name, const std::string& canonical,
                                    const lock::RootRequirement& root) const {
    const auto known = known_.find(name);
    if (known == known_.end() || known->second.canonical == canonical) return std::nullopt;
    return pep::error(
        pep::Fault::kConflict,
        fmt::format("{} is asked for from two places: {} ({}) and {} ({}); an --override can say "
                    "which one counts",
                    name.str(), known->second.canonical, known->second.place, canonical,
                    place_of(root)));
  }

  // What the metadata of what is known point at; again while more extras of it are asked for.
  pep::Status follow() {
    while (!open_.empty()) {
      const pep::Name name = open_.front();
      open_.pop_front();
      const Known& known = known_.at(name);
      const std::set<pep::Name> wanted = extras_[name];
      const std::vector<pep::Name> extras(wanted.begin(), wanted.end());
      const std::vector<pep::Requirement> needed = known.source.direct.metadata.requires_dist;
      for (const pep::Requirement& requirement : needed) {
        if (requirement.marker && !requirement.marker->holds(target_.environment, extras)) continue;
        lock::RootRequirement root;
        root.requirement = requirement;
        root.place.file = "the metadata of " + name.str();
        root.origin = requirement.url.empty() ? lock::Origin::kIndex : lock::Origin::kUrl;
        root.requirement.marker.reset();
        pep::Requirement copy = root.requirement;
        const std::set<pep::Name> before = extras_[requirement.name];
        if (auto taken = take(root, copy); !taken) return taken;
        if (extras_[requirement.name] != before && known_.contains(requirement.name))
          open_.push_back(requirement.name);
      }
    }
    return pep::Done{};
  }

  Inputs& inputs_;
  const rpmenv::Target& target_;
  index::OverlayClient& client_;
  SourceReader reader_;
  std::map<pep::Name, Known> known_;
  std::map<pep::Name, std::set<pep::Name>> extras_;  // asked for
  std::set<pep::Name> overridden_;
  std::deque<pep::Name> open_;  // whose metadata are still to be looked at
};

}  // namespace

bool has_directs(const Inputs& inputs) {
  const auto elsewhere = [](const lock::RootRequirement& root) {
    return root.origin != lock::Origin::kIndex;
  };
  for (const auto* roots :
       {&inputs.read.requirements, &inputs.read.constraints, &inputs.overrides}) {
    if (std::any_of(roots->begin(), roots->end(), elsewhere)) return true;
  }
  return false;
}

pep::Result<Origins> read_directs(Inputs& inputs, const rpmenv::Target& target,
                                  index::OverlayClient& client, Builder* builder) {
  return Closure(inputs, target, client, builder).read();
}

}  // namespace plugin::direct

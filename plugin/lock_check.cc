#include "plugin/lock_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "plugin/direct_place.h"
#include "plugin/locked_files.h"
#include "resolver/index/file_digest.h"
#include "resolver/lock/direct_origin.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

// A requirement that applies, and who states it.
struct Need {
  const pep::Requirement* requirement = nullptr;
  std::string by;
};

class Walk {
 public:
  Walk(const LockQuestion& asked, index::Client& client)
      : asked_(asked), client_(client), files_(asked.target, asked.question.policy) {}

  pep::Result<LockFindings> go() {
    check_target();
    choose_packages();
    read_overrides();
    for (const auto& [name, package] : locked_) client_.want_page(name);
    for (const pipeline::RootRequirement& root : asked_.question.requirements) {
      if (applies(root.requirement, {}))
        follow(root.requirement, root.origin.empty() ? "the manifest" : root.origin);
    }
    if (auto done = visit_all(); !done) return std::move(done).error();
    // Where rules edit the stack, requirements do not tell which packages are in it.
    if (found_.edited) {
      for (const auto& [name, package] : locked_) enqueue(name, {});
      if (auto done = visit_all(); !done) return std::move(done).error();
    }
    check_constraints();
    check_superfluous();
    for (const auto& [name, package] : locked_) found_.packages.push_back(package);
    tidy(found_.unknown);
    tidy(found_.taken_on_trust);
    return std::move(found_);
  }

 private:
  // Whether a rule may put the package in or out of a stack, or another in its place.
  bool may_edit(const pep::Name& name) const {
    if (!asked_.plan.has_edits()) return false;
    const auto edits = [](const pipeline::PackageRules& rules) {
      return !rules.pseudonyms.empty() ||
             std::any_of(rules.stack.begin(), rules.stack.end(), [](const auto* rule) {
               return rule->effect == pipeline::Effect::kSkipPackage ||
                      rule->effect == pipeline::Effect::kAddPackage;
             });
    };
    return edits(asked_.plan.general()) || edits(asked_.plan.of(name.str()));
  }

  void say(const std::string& package, std::string what) {
    found_.stale.push_back({package, std::move(what)});
  }

  static void tidy(std::vector<pep::Name>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }

  bool applies(const pep::Requirement& requirement, std::span<const pep::Name> extras) const {
    return !requirement.marker || requirement.marker->holds(asked_.target.environment, extras);
  }

  void check_target() {
    const pep::Version& python = asked_.target.python;
    const auto wanted = pep::SpecifierSet::parse(asked_.lock.requires_python);
    if (wanted && !wanted->contains(python)) {
      say("", fmt::format("it is for Python {}, and the target has {}", asked_.lock.requires_python,
                          python.str()));
    }
    const auto& environments = asked_.lock.environments;
    const bool any = std::any_of(environments.begin(), environments.end(), [&](const auto& text) {
      const auto marker = pep::Marker::parse(text);
      return !marker || marker->holds(asked_.target.environment);
    });
    if (!environments.empty() && !any) say("", "none of the environments that it is for is this");
  }

  // Of a lock for several platforms, what holds in the target.
  void choose_packages() {
    for (const lock::Package& package : asked_.lock.packages) {
      const auto marker = pep::Marker::parse(package.marker);
      if (!package.marker.empty() && marker && !marker->holds(asked_.target.environment)) continue;
      const auto [place, fresh] = locked_.try_emplace(package.name, &package);
      found_.edited = found_.edited || may_edit(package.name);
      if (!fresh && place->second->version != package.version) {
        say(package.name.str(), fmt::format("it is locked twice, as {} and {}",
                                            place->second->version.str(), package.version.str()));
      }
    }
  }

  void read_overrides() {
    for (const pep::Requirement& one : asked_.question.overrides) {
      if (applies(one, {})) overrides_[one.name].push_back(&one);
    }
  }

  // Holds one requirement against the lock, and goes on to what the package needs in turn.
  void follow(const pep::Requirement& given, const std::string& by) {
    const auto overridden = overrides_.find(given.name);
    const bool plain = overridden == overrides_.end();
    if (asked_.plan.of(given.name.str()).skip != nullptr) return;
    const auto locked = locked_.find(given.name);
    if (locked == locked_.end()) {
      if (may_edit(given.name)) {  // it may have been left out
        found_.edited = true;
        return;
      }
      if (missing_.insert(given.name).second)
        say(given.name.str(),
            fmt::format("{} asks for {}, and the lock has none", by, shown(given)));
      return;
    }
    const lock::Package& package = *locked->second;
    if (plain) hold(given, package, by);
    if (!plain) {
      for (const pep::Requirement* one : overridden->second) hold(*one, package, "an override");
    }
    enqueue(package.name, {});
    for (const pep::Name& extra : given.extras) enqueue(package.name, extra);
  }

  void hold(const pep::Requirement& requirement, const lock::Package& package,
            const std::string& by) {
    if (requirement.url.empty() && package.origin) {
      say(package.name.str(), fmt::format("{} asks for {} of an index, and {} is locked", by,
                                          shown(requirement), direct_url(*package.origin)));
      return;
    }
    if (!requirement.url.empty()) {
      if (package.origin) {
        const auto origin = asked_.origins.find(package.name);
        if (origin != asked_.origins.end() &&
            !is_same_place(origin->second, *package.origin, asked_.notes_revisions)) {
          say(package.name.str(), fmt::format("{} asks for {}, and {} is locked", by,
                                              shown(requirement), shown(*package.origin)));
        }
        return;
      }
      say(package.name.str(), fmt::format("{} asks for {}, and {} of an index is locked", by,
                                          shown(requirement), package.version.str()));
      return;
    }
    if (admits(requirement.specifiers, package.version)) return;
    say(package.name.str(), fmt::format("{} asks for {}, and {} is locked", by, shown(requirement),
                                        package.version.str()));
  }

  bool admits(const pep::SpecifierSet& specifiers, const pep::Version& version) const {
    if (!specifiers.contains(version)) return false;
    const bool strict = asked_.question.policy.prerelease == pipeline::Prerelease::kDisallow;
    return !strict || !version.is_prerelease();
  }

  static std::string shown(const pep::Requirement& requirement) {
    pep::Requirement without = requirement;
    without.marker.reset();
    return without.str();
  }

  static std::string shown(const lock::DirectOrigin& origin) {
    return (origin.editable ? "-e " : "") + direct_url(origin);
  }

  void enqueue(const pep::Name& name, const pep::Name& extra) {
    if (seen_.insert({name, extra}).second) queue_.emplace_back(name, extra);
  }

  pep::Status visit_all() {
    while (!queue_.empty()) {
      const auto [name, extra] = queue_.front();
      queue_.pop_front();
      if (auto done = visit(name, extra); !done) return done;
    }
    return pep::Done{};
  }

  pep::Status visit(const pep::Name& name, const pep::Name& extra) {
    const lock::Package& package = *locked_.at(name);
    if (package.origin) {
      if (extra.empty()) {
        auto needs = direct_metadata(package);
        if (!needs) return std::move(needs).error();
        metadata_[name] = *needs;
        if (*needs == nullptr) trust(package);
      }
      if (metadata_[name] == nullptr) {
        any_unread_ = true;
        return pep::Done{};
      }
    } else if (extra.empty()) {
      auto checked = files_.check(package, is_pinned(package), client_);
      if (!checked) return std::move(checked).error();
      for (std::string& what : checked->stale) say(name.str(), std::move(what));
      if (checked->unreachable) remember(name, *checked->unreachable);
      metadata_[name] = checked->metadata;
    }
    const pep::Metadata* metadata = metadata_[name];
    if (metadata == nullptr) {
      any_unread_ = true;
      take_list(package, extra);
      return pep::Done{};
    }
    const std::string by =
        extra.empty() ? fmt::format("{} {}", name.str(), package.version.str())
                      : fmt::format("{}[{}] {}", name.str(), extra.str(), package.version.str());
    const std::vector<pep::Name> extras =
        extra.empty() ? std::vector<pep::Name>() : std::vector<pep::Name>{extra};
    for (const pep::Requirement& requirement : metadata->requires_dist) {
      const bool of_extra = requirement.marker && requirement.marker->names_extra();
      if (!extra.empty() && !of_extra) continue;
      if (applies(requirement, extras)) follow(requirement, by);
    }
    return pep::Done{};
  }

  // What the place of a package says by now; null if it is one of the locked package's, not of the
  // user's, or if it holds another commit: nothing is fetched or built to see what that one needs.
  pep::Result<const pep::Metadata*> direct_metadata(const lock::Package& package) {
    const pep::Metadata* none = nullptr;
    if (!asked_.question.direct_urls.contains(package.name)) return none;
    auto page = client_.page(package.name);
    if (!page) return std::move(page).error();
    if (*page == nullptr || (*page)->version_count() == 0) return none;
    const resolver::index::File file = (*page)->file(0);
    const bool repository = package.origin->kind == lock::DirectOrigin::Kind::kRepository;
    if (repository && !file.url.ends_with("@" + package.origin->commit)) return none;
    if (!package.artifacts.empty() && file.has_sha256 &&
        package.artifacts[0].sha256 != resolver::index::sha256_hex(file)) {
      say(package.name.str(), fmt::format("{} has another hash than the lock", file.url));
    }
    return client_.metadata(**page, 0);
  }

  // Whether the user names this very version: only then may it be a yanked one.
  bool is_pinned(const lock::Package& package) const {
    const auto pins = [&](const pep::Requirement& one) {
      return one.name == package.name && applies(one, {}) && one.specifiers.pins() &&
             one.specifiers.contains(package.version);
    };
    const auto root_pins = [&](const auto& root) { return pins(root.requirement); };
    const pipeline::Question& question = asked_.question;
    return std::any_of(question.overrides.begin(), question.overrides.end(), pins) ||
           std::any_of(question.constraints.begin(), question.constraints.end(), root_pins) ||
           (!overrides_.contains(package.name) &&
            std::any_of(question.requirements.begin(), question.requirements.end(), root_pins));
  }

  void remember(const pep::Name& name, const pep::Error& why) {
    if (found_.why_unknown.what.empty()) found_.why_unknown = why;
    found_.unknown.push_back(name);
  }

  // Without metadata the lock's list of names is all there is; it says nothing of extras.
  void take_list(const lock::Package& package, const pep::Name& extra) {
    const bool unknown = std::find(found_.unknown.begin(), found_.unknown.end(), package.name) !=
                         found_.unknown.end();
    const bool trusted = std::find(found_.taken_on_trust.begin(), found_.taken_on_trust.end(),
                                   package.name) != found_.taken_on_trust.end();
    if (trusted && !extra.empty()) found_.unknown.push_back(package.name);
    if (!unknown) return;  // the index has no such version: that is said already
    if (!extra.empty() || !asked_.trusts_lists || found_.edited) return;
    found_.unknown.erase(std::find(found_.unknown.begin(), found_.unknown.end(), package.name));
    trust(package);
  }

  void trust(const lock::Package& package) {
    found_.taken_on_trust.push_back(package.name);
    const std::string by = fmt::format("{} {}", package.name.str(), package.version.str());
    for (const pep::Name& name : package.dependencies) {
      pep::Requirement any;
      any.name = name;
      follow(any, by);
    }
  }

  void check_constraints() {
    for (const pipeline::RootRequirement& one : asked_.question.constraints) {
      const auto locked = locked_.find(one.requirement.name);
      if (locked == locked_.end() || !applies(one.requirement, {})) continue;
      if (!seen_.contains({one.requirement.name, {}})) continue;
      if (overrides_.contains(one.requirement.name)) continue;
      if (one.requirement.specifiers.contains(locked->second->version)) continue;
      say(one.requirement.name.str(),
          fmt::format("the constraint {}{} does not admit {}, which is locked",
                      shown(one.requirement), one.origin.empty() ? "" : " (" + one.origin + ")",
                      locked->second->version.str()));
    }
  }

  // Not told where something is missing or was not read: what it needs is not known either.
  void check_superfluous() {
    if (asked_.universal || found_.edited || any_unread_ || !missing_.empty()) return;
    for (const auto& [name, package] : locked_) {
      if (!seen_.contains({name, {}}))
        say(name.str(),
            fmt::format("nothing asks for it any more, and {} is locked", package->version.str()));
    }
  }

  const LockQuestion& asked_;
  index::Client& client_;
  LockedFiles files_;
  LockFindings found_;
  std::map<pep::Name, const lock::Package*> locked_;
  std::map<pep::Name, std::vector<const pep::Requirement*>> overrides_;
  std::map<pep::Name, const pep::Metadata*> metadata_;
  std::set<std::pair<pep::Name, pep::Name>> seen_;  // a package, or one of its extras
  std::set<pep::Name> missing_;
  bool any_unread_ = false;  // a package without metadata
  std::deque<std::pair<pep::Name, pep::Name>> queue_;
};

}  // namespace

pep::Result<LockFindings> check_lock(const LockQuestion& asked, index::Client& client) {
  return Walk(asked, client).go();
}

}  // namespace plugin

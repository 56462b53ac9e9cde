// Asks the image whether it has what a stack's wheels need.
#include "plugin/wheel_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <set>
#include <vector>

#include "resolver/index/digest.h"
#include "rpmenv/verify.h"

namespace plugin {

namespace {

// After so many versions of a package it is not tried any further: each is a download.
constexpr std::size_t kPatience = 20;

// A wheel for any platform has no libraries.
bool may_have_libraries(const resolver::lock::Artifact& artifact) {
  return artifact.wheel && !artifact.filename.ends_with("-any.whl");
}

using Missing = std::vector<const rpmenv::MissingLibrary*>;

// "apt-get install -y libgl1" and "apt-get install -y libglib2.0-0" as one line.
std::string one_remedy(const Missing& all) {
  std::map<std::string, std::set<std::string>> lines;  // last words by what stands before them
  for (const auto* one : all) {
    const auto last = one->remedy.rfind(' ');
    lines[one->remedy.substr(0, last)].insert(one->remedy.substr(last + 1));
  }
  std::string text;
  for (const auto& [line, words] : lines) {
    text += (text.empty() ? "" : "; ") + line;
    for (const std::string& word : words) text += " " + word;
  }
  return text;
}

// Of one wheel: the libraries that are not there; if all are, the first version that one of them
// has not.
std::string reason_of(const Missing& all) {
  Missing absent;
  std::set<std::string> names;
  for (const auto* one : all) {
    if (!one->version && names.insert(one->library).second) absent.push_back(one);
  }
  if (absent.empty()) return fmt::format("needs {}; {}", all[0]->capability, all[0]->remedy);
  return fmt::format("needs {}, which this image lacks ({})", fmt::join(names, ", "),
                     one_remedy(absent));
}

// "libx" of "lib/libx.so.1".
std::string stem_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return std::string(name.substr(0, name.find(".so")));
}

}  // namespace

pep::Result<std::unique_ptr<WheelCheck>> WheelCheck::open(const TargetOptions& asked,
                                                          const rpmenv::Target& target,
                                                          resolver::index::Client& client) {
  if (target.interpreter.empty()) {
    return pep::error(
        pep::Fault::kEnvironment,
        "--check-wheels asks an image, and the target is only declared: name one with --root");
  }
  auto root = rpmenv::open_root(asked.root.value_or("/"), asked.image_config);
  if (!root) return std::move(root).error();
  auto facts =
      rpmenv::inspect(**root, {.packages = true, .accelerators = false, .hardware = false});
  if (!facts) return std::move(facts).error();
  return std::unique_ptr<WheelCheck>(
      new WheelCheck(*std::move(root), *std::move(facts), target.interpreter, client));
}

const rpmenv::Interpreter* WheelCheck::python() const {
  for (const rpmenv::Interpreter& one : facts_.pythons) {
    if (one.path == interpreter_) return &one;
  }
  return nullptr;
}

pep::Result<rpmenv::WheelLibraries> WheelCheck::read(const resolver::lock::Artifact& artifact) {
  const std::string site = rpmenv::site_of(facts_, python());
  const std::string key = "wheel-libraries " + artifact.sha256;
  if (const auto text = client_.recall(key)) {
    if (auto known = rpmenv::parse_wheel_libraries(*text, site)) return *std::move(known);
  }
  const auto digest = resolver::index::sha256_from_hex(artifact.sha256);
  if (!digest) {
    return pep::error(pep::Fault::kIntegrity,
                      fmt::format("the index gives no SHA-256 of {}", artifact.filename));
  }
  if (!scratch_) {
    auto made = direct::Scratch::make();
    if (!made) return std::move(made).error();
    scratch_ = std::make_unique<direct::Scratch>(*std::move(made));
  }
  // The name is the index's: none of its directories count.
  const std::string path = (std::filesystem::path(scratch_->path()) /
                            std::filesystem::path(artifact.filename).filename())
                               .string();
  if (auto loaded = client_.download(artifact.url, *digest, path); !loaded)
    return std::move(loaded).error();
  auto libraries = rpmenv::wheel_libraries(path, site);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!libraries) return libraries;
  if (const std::string text = rpmenv::write_wheel_libraries(*libraries, site); !text.empty())
    client_.remember(key, text, true);
  return libraries;
}

pep::Result<const rpmenv::WheelLibraries*> WheelCheck::libraries(
    const resolver::lock::Artifact& artifact) {
  auto known = known_.find(artifact.filename);
  if (known == known_.end()) {
    auto found = read(artifact);
    if (!found) return std::move(found).error();
    known = known_.emplace(artifact.filename, *std::move(found)).first;
  }
  return &known->second;
}

// Whose wheels have a library of such a stem in any version that was seen. Another version of
// theirs may have what is absent.
std::set<pep::Name> WheelCheck::others_with(const Refusal& refusal) const {
  std::set<pep::Name> names = refusal.providers;
  for (const std::string& library : refusal.absent) {
    if (const auto found = brought_.find(stem_of(library)); found != brought_.end())
      names.insert(found->second.begin(), found->second.end());
  }
  names.erase(refusal.package.first);
  return names;
}

// What was seen later may show that a refusal is one of some stacks only, so all are judged anew.
resolver::pipeline::Policy WheelCheck::ruled_out() const {
  resolver::pipeline::Policy out;
  for (const Refusal& refusal : refusals_) {
    const std::set<pep::Name> others = others_with(refusal);
    if (refusal.always || others.empty()) {
      out.lacking.emplace(refusal.file, refusal.reason);
      continue;
    }
    resolver::pipeline::Apart apart{.members = {refusal.package}, .reason = refusal.reason};
    for (const pep::Name& name : others) {
      if (const auto there = refusal.stack.find(name); there != refusal.stack.end())
        apart.members.emplace_back(*there);
    }
    // Who has it is not in this stack, and what would bring it there is not known: only this stack
    // is ruled out.
    if (apart.members.size() == 1) {
      for (const auto& [name, version] : refusal.stack) {
        if (name != refusal.package.first) apart.members.emplace_back(name, version);
      }
    }
    out.apart.push_back(std::move(apart));
  }
  return out;
}

void WheelCheck::note(const resolver::lock::Lock& lock, const resolver::lock::Package& package,
                      const Missing& all,
                      const std::map<std::string, const resolver::lock::Package*>& owners) {
  Refusal refusal{.file = package.artifacts[0].filename,
                  .reason = reason_of(all),
                  .package = {package.name, package.version},
                  .absent = {},
                  .providers = {},
                  .stack = {}};
  for (const auto* one : all) {
    const auto provider = owners.find(one->provider);
    if (!one->version) {
      refusal.absent.insert(one->library);
    } else if (provider != owners.end() && provider->second != &package) {
      refusal.providers.insert(provider->second->name);
    } else {
      refusal.always = true;
    }
  }
  for (const auto& one : lock.packages) {
    if (one.has_version) refusal.stack.emplace(one.name, one.version);
  }
  const bool known = std::ranges::any_of(refusals_, [&](const Refusal& one) {
    return one.file == refusal.file && (one.always || one.stack == refusal.stack);
  });
  if (!known) refusals_.push_back(std::move(refusal));
}

pep::Status WheelCheck::gate() const {
  std::map<std::string, std::string> said;  // sorted by package
  for (const Refusal& one : refusals_) {
    if (!others_with(one).empty()) continue;
    const std::string who = one.package.first.str() + " " + one.package.second.str();
    said.emplace(who, who + " " + one.reason);
  }
  if (said.empty()) return pep::Done{};
  std::string text;
  for (const auto& [who, reason] : said) text += (text.empty() ? "" : "; ") + reason;
  return pep::error(pep::Fault::kEnvironment, text);
}

pep::Status WheelCheck::keep_patience() const {
  std::map<pep::Name, std::size_t> counts;
  for (const Refusal& one : refusals_) {
    if (++counts[one.package.first] < kPatience) continue;
    return pep::error(
        pep::Fault::kEnvironment,
        fmt::format("{} stacks with {} were tried, and in none can it be imported in this image: "
                    "{} {}; install what is missing, or ask for a version that needs less",
                    kPatience, one.package.first.str(), one.package.second.str(), one.reason));
  }
  return pep::Done{};
}

pep::Result<bool> WheelCheck::refuse(const resolver::lock::Lock& lock,
                                     resolver::pipeline::Policy& policy) {
  std::vector<rpmenv::WheelLibraries> wheels;
  std::map<std::string, const resolver::lock::Package*> owners;  // by distribution
  for (const resolver::lock::Package& package : lock.packages) {
    if (package.artifacts.empty() || !may_have_libraries(package.artifacts[0])) continue;
    auto found = libraries(package.artifacts[0]);
    if (!found && found.error().fault == pep::Fault::kMalformed) {
      refusals_.push_back({.file = package.artifacts[0].filename,
                           .reason = "cannot be read: " + found.error().what,
                           .package = {package.name, package.version},
                           .absent = {},
                           .providers = {},
                           .stack = {},
                           .always = true});
      continue;
    }
    if (!found) return std::move(found).error().in("looking at the wheel of " + package.name.str());
    wheels.push_back(**found);
    owners[wheels.back().distribution] = &package;
    for (const auto& library : wheels.back().libraries)
      brought_[stem_of(library.path)].insert(package.name);
  }
  const rpmenv::Verification verified =
      rpmenv::verify_wheels(*root_, facts_, python(), wheels, rpmenv::WheelScope::kImported);
  std::map<std::string, Missing> missing;  // by distribution
  for (const auto& one : verified.missing) missing[one.distribution].push_back(&one);
  for (const auto& [distribution, all] : missing) {
    const auto owner = owners.find(distribution);
    if (owner != owners.end()) note(lock, *owner->second, all, owners);
  }
  if (auto kept = keep_patience(); !kept) return std::move(kept).error();
  resolver::pipeline::Policy now = ruled_out();
  const bool changed = now.lacking != policy.lacking || now.apart != policy.apart;
  policy.lacking = std::move(now.lacking);
  policy.apart = std::move(now.apart);
  return changed;
}

}  // namespace plugin

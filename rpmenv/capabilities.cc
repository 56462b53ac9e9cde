// Turns facts into provides. Unaware of wheels and of what a miss leads to.
#include "rpmenv/capabilities.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "rpmenv/packages.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint32_t kEqual = 8;

std::vector<Dependency> dependencies(const db::Header& header, db::Tag names_tag,
                                     db::Tag versions_tag, db::Tag flags_tag) {
  const auto names = header.texts(names_tag), versions = header.texts(versions_tag);
  const auto flags = header.numbers(flags_tag);
  std::vector<Dependency> all;
  all.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool whole = i < versions.size() && i < flags.size();
    all.push_back({names[i], whole ? versions[i] : std::string_view(), whole ? flags[i] : 0});
  }
  return all;
}

void add_header(const db::Header& header, bool files, SolvPool& pool) {
  const Package package = header.package();
  SolvPool::Item item;
  item.name = package.name;
  item.version = package.epoch ? std::to_string(*package.epoch) + ":" : std::string();
  item.version += package.version;
  if (package.release) item.version += "-" + *package.release;
  item.arch = package.arch;
  item.provides =
      dependencies(header, db::Tag::kProvideName, db::Tag::kProvideVersion, db::Tag::kProvideFlags);
  item.requirements =
      dependencies(header, db::Tag::kRequireName, db::Tag::kRequireVersion, db::Tag::kRequireFlags);
  if (files) {
    const auto directories = header.texts(db::Tag::kDirNames),
               names = header.texts(db::Tag::kBaseNames);
    const auto indexes = header.numbers(db::Tag::kDirIndexes);
    for (std::size_t i = 0; i < std::min(names.size(), indexes.size()); ++i) {
      if (indexes[i] < directories.size())
        item.files.emplace_back(directories[indexes[i]], names[i]);
    }
  }
  pool.add(SolvPool::Repository::kInstalled, item);
}

// Whether a program of the image could load it.
bool is_loadable(const Library& library, const std::string& architecture) {
  return library.in_loader_path && (architecture.empty() || library.machine == architecture ||
                                    (library.machine == "i686" && architecture == "x86_64"));
}

class Provides {
 public:
  void add(std::string name) {
    if (known_.insert(name).second) names_.push_back({keep(std::move(name)), {}, 0});
  }
  void add(std::string name, const std::string& version) {
    if (!version.empty()) names_.push_back({keep(std::move(name)), keep(version), kEqual});
  }
  std::vector<Dependency> take() { return std::move(names_); }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::deque<std::string> texts_;
  std::set<std::string> known_;
  std::vector<Dependency> names_;
};

void add_library(const Library& library, Provides& provides) {
  // The loader goes by the names of files, RPM by sonames; nearly always they are the same.
  std::set<std::string> names = {std::string(file_name(library.path))};
  if (!library.soname.empty()) names.insert(library.soname);
  for (const auto& link : library.links) names.emplace(file_name(link));
  for (const auto& name : names) {
    provides.add(library_capability(name, "", library.bits));
    for (const auto& node : library.defines)
      provides.add(library_capability(name, node, library.bits));
  }
}

// Orders "2.9" before "2.17".
bool version_less(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto first = a.substr(0, a.find('.')), second = b.substr(0, b.find('.'));
    const auto left = whole_number(first), right = whole_number(second);
    if (left != right) return left < right;
    a.remove_prefix(std::min(a.size(), first.size() + 1));
    b.remove_prefix(std::min(b.size(), second.size() + 1));
  }
  return a.size() < b.size();
}

}  // namespace

std::string library_capability(std::string_view library, std::string_view node, int bits) {
  if (bits == 64) return fmt::format("{}({})(64bit)", library, node);
  return node.empty() ? std::string(library) : fmt::format("{}({})", library, node);
}

std::vector<std::string> capabilities_needed(const Library& file) {
  std::vector<std::string> all;
  for (const auto& [library, nodes] : file.needs) {
    all.push_back(library_capability(library, "", file.bits));
    for (const auto& node : nodes) all.push_back(library_capability(library, node, file.bits));
  }
  return all;
}

namespace {

void fill(SolvPool& pool, const Root& root, const Facts& facts, const PoolOptions& options) {
  if (options.packages) {
    for_each_rpm_header(root, facts.databases,
                        [&](const db::Header& header) { add_header(header, options.files, pool); });
  }
  Provides provides;
  for (const auto& library : facts.libraries) {
    if (is_loadable(library, facts.architecture)) add_library(library, provides);
  }
  for (const auto& python : facts.pythons) {
    const auto dot = python.version.find('.', python.version.find('.') + 1);
    provides.add("python(abi)", python.version.substr(0, dot));
  }
  if (facts.libc.family == LibcFamily::kGlibc) {
    provides.add("rtld(GNU_HASH)");
    provides.add("glibc-abi", facts.libc.version);
  }
  if (facts.libc.family == LibcFamily::kMusl) provides.add("musl-abi", facts.libc.version);
  if (facts.accelerators.cuda) provides.add("cuda", facts.accelerators.cuda->version);
  if (facts.accelerators.cudnn) provides.add("cudnn", facts.accelerators.cudnn->version);
  SolvPool::Item item;
  item.name = "image-facts";
  item.version = "1";
  item.provides = provides.take();
  pool.add(SolvPool::Repository::kFacts, item);
}

}  // namespace

SolvPool pool_of(const Root& root, const Facts& facts, const PoolOptions& options) {
  SolvPool pool;
  fill(pool, root, facts, options);
  pool.finish();
  return pool;
}

pep::Result<SolvPool::Installation> installation_of(const Root& root, const Facts& facts,
                                                    std::span<const std::string> repositories,
                                                    std::span<const std::string> capabilities) {
  SolvPool pool;
  fill(pool, root, facts, {});
  for (const std::string& directory : repositories) {
    if (auto added = pool.add_available(directory); !added) return std::move(added).error();
  }
  if (!facts.architecture.empty()) pool.set_architecture(facts.architecture);
  pool.finish();
  return pool.install(capabilities);
}

std::string instead_of(const Facts& facts, std::string_view capability) {
  const auto open = capability.find('(');
  const auto library = capability.substr(0, open);
  const auto node = open == std::string_view::npos
                        ? std::string_view()
                        : capability.substr(open + 1, capability.find(')') - open - 1);
  const auto has_name = [&](const Library& one) {
    const auto is_it = [&](const std::string& path) { return file_name(path) == library; };
    return one.in_loader_path &&
           (one.soname == library || is_it(one.path) || std::ranges::any_of(one.links, is_it));
  };
  const auto found = std::ranges::find_if(facts.libraries, has_name);
  if (found == facts.libraries.end()) return fmt::format("this image has no {}", library);
  const auto prefix = node.substr(0, node.rfind('_') + 1);
  std::string_view best;
  for (const auto& defined : found->defines) {
    const std::string_view text = defined;
    if (prefix.empty() || !text.starts_with(prefix)) continue;
    if (best.empty() || version_less(best.substr(prefix.size()), text.substr(prefix.size())))
      best = text;
  }
  const std::string& owner = found->owner ? *found->owner : found->path;
  if (best.empty())
    return fmt::format("the {} of this image ({}) does not have it", library, owner);
  return fmt::format("this image has up to {} ({})", best, owner);
}

}  // namespace rpmenv

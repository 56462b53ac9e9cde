#include "plugin/all_artifacts.h"

#include <algorithm>

#include "resolver/index/digest.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

bool admitted(const index::File& file, const pep::Name& name, const pipeline::Policy& policy) {
  if (!file.has_sha256) return false;
  if (policy.exclude_newer && (file.upload_time == 0 || file.upload_time >= *policy.exclude_newer))
    return false;
  const bool wheel = file.kind == index::FileKind::kWheel;
  if ((wheel ? policy.no_binary : policy.only_binary).contains(name)) return false;
  const auto given = policy.hashes.find(name);
  return given == policy.hashes.end() || std::find(given->second.begin(), given->second.end(),
                                                   index::hex(file.sha256)) != given->second.end();
}

void add_files(const pipeline::StackPackage& chosen, const pipeline::Policy& policy,
               lock::Package& package) {
  if (chosen.page == nullptr) return;
  std::vector<lock::Artifact> others;
  bool sdist = std::any_of(package.artifacts.begin(), package.artifacts.end(),
                           [](const lock::Artifact& one) { return !one.wheel; });
  const index::FileRange range = chosen.page->files(chosen.version_index);
  for (std::uint32_t number = range.begin; number < range.end; ++number) {
    const index::File file = chosen.page->file(number);
    const bool wheel = file.kind == index::FileKind::kWheel;
    const bool listed =
        std::any_of(package.artifacts.begin(), package.artifacts.end(),
                    [&](const lock::Artifact& one) { return one.filename == file.filename; });
    if (listed || (!wheel && sdist) || !admitted(file, package.name, policy)) continue;
    sdist = sdist || !wheel;
    others.push_back({.filename = std::string(file.filename),
                      .url = std::string(file.url),
                      .sha256 = index::hex(file.sha256),
                      .size = file.size,
                      .upload_time = file.upload_time,
                      .wheel = wheel,
                      .elsewhere = true});
  }
  std::sort(others.begin(), others.end(), [](const lock::Artifact& a, const lock::Artifact& b) {
    return a.wheel != b.wheel ? a.wheel : a.filename < b.filename;
  });
  package.artifacts.insert(package.artifacts.end(), others.begin(), others.end());
}

}  // namespace

void add_all_artifacts(const pipeline::Stack& stack, const pipeline::Policy& policy,
                       lock::Lock& lock) {
  for (lock::Package& package : lock.packages) {
    const std::size_t place = stack.find(package.name.str());
    if (place != pipeline::Stack::kNowhere) add_files(stack.packages[place], policy, package);
  }
}

}  // namespace plugin

#include "plugin/integrity.h"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/index/file_digest.h"
#include "resolver/index/page.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;

pep::Error mismatch(const lock::RootRequirement& root, std::string what) {
  pep::Error error = pep::error(pep::Fault::kIntegrity, std::move(what));
  error.place = root.place;
  error.excerpt = root.excerpt;
  return error;
}

// One file that the requirement vouches for by name.
pep::Status compare(const lock::RootRequirement& root, const index::File& file,
                    std::string_view digest) {
  for (std::size_t i = 0; i < root.files.size(); ++i) {
    if (root.files[i] != file.filename || root.hashes[i] == digest) continue;
    return mismatch(root,
                    fmt::format("{} has another hash on the index than in the lock: {} there, {} "
                                "locked; one of them was tampered with or replaced, so nothing is "
                                "taken from either",
                                file.filename, digest, root.hashes[i]));
  }
  return pep::Done{};
}

pep::Status check_version(const lock::RootRequirement& root, const index::Page& page,
                          std::uint32_t version) {
  bool any = false;
  bool known = false;
  const index::FileRange range = page.files(version);
  for (std::uint32_t number = range.begin; number < range.end; ++number) {
    const index::File file = page.file(number);
    const std::string hex = index::sha256_hex(file);
    if (hex.empty()) continue;
    const std::string digest = "sha256:" + hex;
    known = true;
    any = any || std::find(root.hashes.begin(), root.hashes.end(), digest) != root.hashes.end();
    if (auto status = compare(root, file, digest); !status) return status;
  }
  if (any || !known || !root.files.empty()) return pep::Done{};
  return mismatch(root, fmt::format("no file that the index has of {} {} has a hash that is given "
                                    "for it; what is served there is not what was locked",
                                    page.name().str(), page.version_text(version)));
}

bool is_pinned_to(const lock::RootRequirement& root, const pep::Version& version) {
  const pep::SpecifierSet& specifiers = root.requirement.specifiers;
  return specifiers.pins() && specifiers.contains(version);
}

pep::Status check(const lock::RootRequirement& root, index::Client& client) {
  auto page = client.page(root.requirement.name);
  if (!page || *page == nullptr) return pep::Done{};
  for (std::uint32_t i = 0; i < (*page)->version_count(); ++i) {
    if (is_pinned_to(root, (*page)->version(i))) return check_version(root, **page, i);
  }
  return pep::Done{};
}

}  // namespace

pep::Status check_hashes(const Inputs& inputs, const rpmenv::Target& target,
                         const resolver::pipeline::Stack* stack, index::Client& client) {
  for (const auto* list : {&inputs.read.requirements, &inputs.read.constraints}) {
    if (stack == nullptr && list == &inputs.read.constraints) continue;
    for (const lock::RootRequirement& root : *list) {
      const pep::Requirement& asked = root.requirement;
      if (root.hashes.empty() || root.origin != lock::Origin::kIndex) continue;
      if (asked.marker && !asked.marker->holds(target.environment)) continue;
      const auto holds = [&](const auto& package) {
        return package.name == asked.name && is_pinned_to(root, package.version);
      };
      if (stack != nullptr && std::none_of(stack->packages.begin(), stack->packages.end(), holds))
        continue;
      if (auto status = check(root, client); !status) return status;
    }
  }
  return pep::Done{};
}

}  // namespace plugin

#include "plugin/product.h"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/index/digest.h"
#include "resolver/index/file_digest.h"
#include "resolver/lock/url.h"

namespace plugin {

namespace {

namespace lock = resolver::lock;
namespace pipeline = resolver::pipeline;

// What no index gave: of a source tree there is no artifact, only where it is.
void set_origin(const resolver::index::Page& page, const lock::DirectOrigin& origin,
                lock::Package& package) {
  const resolver::index::File file = page.file(0);
  package.origin = origin;
  package.index.clear();
  package.requires_python = file.requires_python;
  if (!file.has_sha256) return;
  package.artifacts.push_back({.filename = lock::url_filename(origin.url),
                               .url = origin.url,
                               .sha256 = resolver::index::hex(file.sha256),
                               .size = file.size,
                               .wheel = file.kind == resolver::index::FileKind::kWheel});
}

pep::Status add_artifacts(pipeline::Problem& problem, const pipeline::StackPackage& chosen,
                          lock::Package& package) {
  const resolver::index::Page& page = *chosen.page;
  for (std::uint32_t number : problem.usable_files(chosen.id, chosen.version_index)) {
    const resolver::index::File file = page.file(number);
    const bool wheel = file.kind == resolver::index::FileKind::kWheel;
    if (!wheel && !package.artifacts.empty()) continue;
    const std::string sha256 = resolver::index::sha256_hex(file);
    if (sha256.empty()) continue;
    if (package.artifacts.empty()) package.requires_python = file.requires_python;
    package.artifacts.push_back({.filename = std::string(file.filename),
                                 .url = std::string(file.url),
                                 .sha256 = sha256,
                                 .size = file.size,
                                 .upload_time = file.upload_time,
                                 .wheel = wheel});
  }
  if (package.artifacts.empty()) {
    return pep::error(
        pep::Fault::kIntegrity,
        fmt::format("the index {} gives no SHA-256 for {} {}: what it serves cannot be verified",
                    package.index, package.name.str(), package.version.str()));
  }
  return pep::Done{};
}

std::vector<std::string> required_by(const pipeline::Stack& stack,
                                     const pipeline::StackPackage& chosen) {
  std::vector<std::string> names;
  for (std::uint32_t parent : chosen.parents) names.push_back(stack.packages[parent].name.str());
  for (const std::string& origin : chosen.origins) {
    names.push_back(origin.starts_with("--") ? origin
                                             : "-r " + origin.substr(0, origin.rfind(':')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

ReportEntry entry_of(const prescriptions::Entry& entry, const std::string& unit) {
  return {.type = prescriptions::name_of(entry.type),
          .message = entry.message,
          .link = entry.link,
          .package_name = entry.package_name,
          .unit = unit,
          .advisory = entry.advisory,
          .cve_id = entry.cve_id,
          .cve_name = entry.cve_name,
          .version_range = entry.version_range};
}

pep::Result<Product> product_of(pipeline::Problem& problem, const pipeline::Stack& stack,
                                const pipeline::Verdict& verdict, const direct::Origins& origins) {
  Product product;
  product.score = verdict.score;
  const pep::Version& python = problem.target().python;
  product.lock.requires_python = fmt::format("=={}.{}.*", python.release(0), python.release(1));
  for (const pipeline::StackPackage& chosen : stack.packages) {
    lock::Package package;
    package.name = chosen.name;
    package.version = chosen.version;
    package.index = chosen.index_url;
    package.extras = chosen.extras;
    for (std::uint32_t place : chosen.dependencies)
      package.dependencies.push_back(stack.packages[place].name);
    package.required_by = required_by(stack, chosen);
    package.direct = chosen.direct;
    package.develop = chosen.develop;
    if (const auto origin = origins.find(chosen.name); origin != origins.end()) {
      set_origin(*chosen.page, origin->second, package);
    } else if (auto added = add_artifacts(problem, chosen, package); !added) {
      return std::move(added).error();
    }
    product.lock.packages.push_back(std::move(package));
  }
  for (const pipeline::ReportedEntry& said : verdict.justification) {
    product.justification.push_back(entry_of(*said.entry, said.unit));
  }
  std::string changes;
  for (const std::string& change : verdict.manifest_changes) {
    changes += (changes.empty() ? "" : ",") + change;
  }
  product.advised_manifest_changes = "[" + changes + "]";
  if (product.justification.empty()) {
    product.justification.push_back(
        {.type = "INFO", .message = "No prescription has anything to say against this stack"});
  }
  return product;
}

}  // namespace plugin

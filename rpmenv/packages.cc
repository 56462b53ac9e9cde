// Joins the package databases of an image. Unaware of formats.
#include "rpmenv/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace rpmenv {
namespace {

std::string number(const std::optional<std::uint64_t>& epoch) {
  return epoch ? std::to_string(*epoch) : std::string();
}

}  // namespace

std::string Package::owner_id() const {
  if (kind == "apk") return name;
  if (kind == "dpkg") return name + ":" + arch;
  std::string text = name + "-";
  if (epoch) text += std::to_string(*epoch) + ":";
  text += version;
  if (release) text += "-" + *release;
  if (!arch.empty()) text += "." + arch;
  return text;
}

PackageFacts read_packages(const Root& root, Owners& owners) {
  PackageFacts facts;
  read_rpm_packages(root, facts, owners);
  read_dpkg_packages(root, facts, owners);
  read_apk_packages(root, facts, owners);
  std::ranges::sort(facts.packages, [](const Package& a, const Package& b) {
    const auto order = a.name <=> b.name;
    if (order != 0) return order < 0;
    const std::string left = number(a.epoch), right = number(b.epoch);
    return std::tie(left, a.version, a.release, a.arch, a.kind) <
           std::tie(right, b.version, b.release, b.arch, b.kind);
  });
  std::ranges::sort(facts.databases, {}, &Database::path);
  return facts;
}

}  // namespace rpmenv

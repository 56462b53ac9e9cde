// Collects the owners of wanted paths. Unaware of database formats.
#include "rpmenv/owners.h"

#include <array>

#include "rpmenv/text.h"

namespace rpmenv {

// A database may speak of /lib64/libc.so.6 where /lib64 is a link to usr/lib64.
std::string Owners::normal(std::string_view directory) const {
  while (directory.starts_with('/')) directory.remove_prefix(1);
  while (directory.ends_with('/')) directory.remove_suffix(1);
  constexpr std::array<std::string_view, 6> kMerged = {"bin",   "lib",    "lib32",
                                                       "lib64", "libx32", "sbin"};
  const auto first = directory.substr(0, directory.find('/'));
  bool may_be_link = false;
  for (const auto name : kMerged) may_be_link = may_be_link || name == first;
  if (!may_be_link) return std::string(directory);
  auto known = merged_.find(first);
  if (known == merged_.end()) {
    auto real = root_.real_path(first);
    known = merged_.emplace(std::string(first), real ? *real : std::string(first)).first;
  }
  return known->second + std::string(directory.substr(first.size()));
}

void Owners::want(std::string_view path) {
  std::string directory = normal(directory_of(path));
  wanted_.try_emplace(directory + "/" + std::string(file_name(path)));
  directories_.insert(std::move(directory));
}

bool Owners::wants_directory(std::string_view directory) const {
  return directories_.contains(normal(directory));
}

void Owners::add(std::string_view directory, std::string_view name, const std::string& package) {
  const auto found = wanted_.find(normal(directory) + "/" + std::string(name));
  if (found != wanted_.end() && found->second.empty()) found->second = package;
}

std::optional<std::string> Owners::of(std::string_view path) const {
  const auto found = wanted_.find(normal(directory_of(path)) + "/" + std::string(file_name(path)));
  if (found == wanted_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Owners::of(const std::string& path,
                                      const std::vector<std::string>& others) const {
  auto owner = of(path);
  for (const auto& other : others) {
    if (owner) break;
    owner = of(other);
  }
  return owner;
}

}  // namespace rpmenv

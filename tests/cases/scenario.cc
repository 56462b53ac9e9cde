#include "tests/cases/scenario.h"

#include <algorithm>
#include <filesystem>

#include "pep/requirement.h"
#include "resolver/lock/document.h"
#include "tests/support/temp_directory.h"

namespace cases {

namespace {

using resolver::lock::Value;

std::vector<std::string> texts(const Value* value) {
  std::vector<std::string> found;
  if (value == nullptr) return found;
  for (const Value& item : value->items) found.push_back(item.text);
  return found;
}

bool truth(const Value* table, std::string_view key, bool otherwise) {
  const Value* found = table == nullptr ? nullptr : table->find(key);
  return found == nullptr ? otherwise : found->boolean;
}

std::string under_extra(const std::string& requirement, const std::string& extra) {
  const std::size_t marker = requirement.find(';');
  const std::string condition = "extra == '" + extra + "'";
  if (marker == std::string::npos) return requirement + " ; " + condition;
  return requirement.substr(0, marker) + " ; (" + requirement.substr(marker + 1) + ") and " +
         condition;
}

support::Release release(const std::string& name, const std::string& version, const Value& table) {
  support::Release made{.name = name, .version = version};
  made.needs = texts(table.find("requires"));
  if (const Value* extras = table.find("extras")) {
    for (const auto& extra : extras->members) {
      made.extras.push_back(extra.name);
      for (const std::string& need : texts(&extra.value))
        made.needs.push_back(under_extra(need, extra.name));
    }
  }
  const Value* python = table.find("requires_python");
  made.requires_python = python == nullptr ? ">=3.12" : python->text;
  if (const Value* tags = table.find("wheel_tags")) made.tags = texts(tags);
  if (!truth(&table, "wheel", true)) made.tags.clear();
  made.sdist = truth(&table, "sdist", true);
  made.yanked = truth(&table, "yanked", false);
  return made;
}

// "x86_64-manylinux2014" is manylinux_2_17_x86_64; empty if the platform is none of Linux.
std::string platform_tag(const std::string& named) {
  if (named.empty()) return "manylinux_2_17_x86_64";
  if (named == "linux") return "manylinux_2_28_x86_64";
  const std::size_t dash = named.find('-');
  if (dash == std::string::npos || named.substr(dash + 1, 9) != "manylinux") return "";
  const std::string family = named.substr(dash + 1);
  return (family == "manylinux2014" ? "manylinux_2_17" : family) + "_" + named.substr(0, dash);
}

}  // namespace

std::vector<std::string> scenario_files(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, missing)) {
    if (entry.path().extension() == ".toml") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Scenario read_scenario(const std::string& path) {
  Scenario made;
  const auto source = resolver::lock::SourceText::decode(support::read_file(path), path);
  if (!source) {
    made.left_out = "it cannot be read: " + source.error().what;
    return made;
  }
  auto parsed = resolver::lock::parse_toml(*source);
  if (!parsed) {
    made.left_out = "it cannot be read: " + parsed.error().what;
    return made;
  }
  const Value& file = *parsed;
  made.name = file.string("name");
  const Value* asked = file.find("resolver_options");
  const Value* environment = file.find("environment");
  const Value* testgen = file.find("testgen");
  const Value* expected = file.find("expected");
  made.satisfiable = truth(expected, "satisfiable", true);
  if (const Value* packages = expected->find("packages")) {
    for (const auto& member : packages->members) {
      made.packages[pep::Name::of(member.name).str()] = member.value.text;
    }
  }
  if (const Value* packages = file.find("packages")) {
    for (const auto& package : packages->members) {
      for (const auto& version : package.value.find("versions")->members) {
        made.releases.push_back(release(package.name, version.name, version.value));
      }
    }
  }
  auto& options = made.options;
  options.with = texts(file.find("root")->find("requires"));
  options.target.python_version = "3.12";
  if (environment != nullptr && environment->find("python") != nullptr) {
    options.target.python_version = environment->string("python");
  }
  std::string platform;
  if (asked != nullptr) {
    if (asked->find("python") != nullptr) options.target.python_version = asked->string("python");
    platform = asked->string("python_platform");
    if (truth(asked, "prereleases", false)) options.prerelease = "allow";
    if (asked->find("resolution") != nullptr) options.resolution = asked->string("resolution");
    options.only_binary = texts(asked->find("no_build"));
    options.no_binary = texts(asked->find("no_binary"));
  }
  options.target.platform = platform_tag(platform);
  if (truth(asked, "universal", false))
    made.left_out = "universal resolution: an image has one environment";
  if (options.target.platform->empty()) made.left_out = "platform " + platform;
  if (truth(testgen, "disable", false)) made.left_out = "disabled in its file";
  if (made.name == "python-less-than-current") {
    made.left_out =
        "it ignores upper bounds of Requires-Python; pip, which installs the lock, does not";
  }
  return made;
}

}  // namespace cases

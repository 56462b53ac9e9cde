#include "tests/plugin/direct_fixture.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace plugin::test {

DirectFixture::DirectFixture() = default;
DirectFixture::~DirectFixture() = default;

Ran DirectFixture::advise(std::vector<std::string> arguments) {
  std::vector<std::string> all{"advise", "--index-url", server_.url()};
  if (declared_) {
    for (const char* word : {"--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"})
      all.emplace_back(word);
  }
  if (keep_store_) {
    all.insert(all.end(), {"--cache-dir", directory_ / "store"});
  } else {
    all.emplace_back("--no-cache");
  }
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_program(all, directory_.path(), variables_);
}

std::map<std::string, nlohmann::json> DirectFixture::packages(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  ran_ = advise(std::move(arguments));
  std::map<std::string, nlohmann::json> found;
  auto report = nlohmann::json::parse(ran_.out, nullptr, false);
  if (report.is_discarded() || report["products"].empty()) return found;
  for (const auto& package : report["products"][0]["packages"]) found[package["name"]] = package;
  return found;
}

std::string DirectFixture::wheel_url(const std::string& name, const std::string& version) const {
  return server_.root() + "/files/" + name + "-" + version + "-py3-none-any.whl";
}

std::string DirectFixture::read(const std::string& file) const {
  return support::read_file(directory_ / file);
}

void DirectFixture::write_project(const std::string& directory, const std::string& name,
                                  const std::string& version, const std::vector<std::string>& needs,
                                  const std::string& optional) {
  std::string text =
      "[project]\nname = '" + name + "'\nversion = '" + version + "'\ndependencies = [";
  for (const std::string& need : needs) text += "\"" + need + "\", ";
  text += "]\n";
  if (!optional.empty()) text += "[project.optional-dependencies]\n" + optional + "\n";
  directory_.write(directory + "/pyproject.toml", text);
}

std::string DirectFixture::git(const std::string& directory, const std::string& arguments) {
  const std::string command =
      "HOME=" + directory_.path() + " GIT_CONFIG_NOSYSTEM=1 git -C '" + (directory_ / directory) +
      "' -c user.name=t -c user.email=t@host.example -c init.defaultBranch=main " + arguments +
      " 2>/dev/null";
  std::string out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out += buffer.data();
  pclose(pipe);
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

std::string DirectFixture::make_repository(const std::string& directory) {
  git(directory, "init -q");
  git(directory, "add -A");
  git(directory, "commit -q -m first");
  return git(directory, "rev-parse HEAD");
}

}  // namespace plugin::test

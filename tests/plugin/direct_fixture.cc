#include "tests/plugin/direct_fixture.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace plugin::test {

const char* const kTinyBackend = R"(
import base64, hashlib, os, re, sys, time, zipfile

def _field(name):
    found = re.search(name + r" *= *'([^']*)'", open("pyproject.toml").read())
    return found.group(1) if found else "7.0"

def _metadata():
    needs = "Requires-Dist: b\n" if "dynamic" in open("pyproject.toml").read() else ""
    return "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s" % (_field("name"), _field("version"), needs)

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    open(os.path.join(os.path.dirname(__file__), "trace"), "w").close()
    if os.path.exists("FAIL"):
        print("a line of the backend")
        sys.exit("the backend gives up")
    if os.path.exists("SLOW"):
        time.sleep(60)
    leaf = "%s-%s.dist-info" % (_field("name"), _field("version"))
    os.mkdir(os.path.join(directory, leaf))
    with open(os.path.join(directory, leaf, "METADATA"), "w") as file:
        file.write(_metadata())
    with open(os.path.join(directory, leaf, "WHEEL"), "w") as file:
        file.write("Wheel-Version: 1.0\nGenerator: tiny\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    return leaf

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name, version = _field("name"), _field("version")
    info = "%s-%s.dist-info/" % (name, version)
    files = {"a.py" if name == "a" else name + ".py": "", info + "METADATA": _metadata(),
             info + "WHEEL": "Wheel-Version: 1.0\nGenerator: tiny\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join("%s,,\n" % path for path in files) + info + "RECORD,,\n"
    leaf = "%s-%s-py3-none-any.whl" % (name, version)
    with zipfile.ZipFile(os.path.join(directory, leaf), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(info + "RECORD", record)
    return leaf
)";

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

#include "plugin/installer.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "plugin/direct/process.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;

pep::Result<direct::Ended> ask(std::vector<std::string> command) {
  return direct::run({.command = std::move(command),
                      .directory = {},
                      .variables = {{"PYTHONDONTWRITEBYTECODE", "1"}},
                      .without_prefixes = {}});
}

enum class Pip { kNone, kOld, kInstallsIntoOthers };  // the last since 22.3

pep::Result<Pip> pip_of(const std::string& python) {
  auto said =
      ask({python, "-c",
           "import pip; print(tuple(map(int, pip.__version__.split('.')[:2])) >= (22, 3))"});
  if (!said) {
    pep::Error error = std::move(said).error();
    error.fault = pep::Fault::kEnvironment;
    return error;
  }
  if (said->exit_code != 0) return Pip::kNone;
  return said->out.starts_with("True") ? Pip::kInstallsIntoOthers : Pip::kOld;
}

// The paths of an interpreter and of that which its virtual environment was made from; empty if it
// is none.
std::pair<std::string, std::string> paths_of(const std::string& python) {
  const auto said = ask({python, "-c",
                         "import sys; print(sys.executable, sys._base_executable if sys.prefix != "
                         "sys.base_prefix else '', sep='\\n', end='')"});
  if (!said || said->exit_code != 0) return {};
  const std::size_t line = said->out.find('\n');
  if (line == std::string::npos) return {};
  return {said->out.substr(0, line), said->out.substr(line + 1)};
}

bool has_uv() {
  const auto said = ask({"uv", "--version"});
  return said && said->exit_code == 0;
}

std::vector<std::string> pip_command(const std::string& python, const std::string& other) {
  std::vector<std::string> command{python, "-m", "pip"};
  if (!other.empty()) command.insert(command.end(), {"--python", other});
  command.insert(command.end(), {"install", "--no-input", "--disable-pip-version-check"});
  return command;
}

std::vector<std::string> uv_command(const std::string& python) {
  return {"uv", "pip", "install", "--python", python};
}

pep::Status make_environment(const std::string& python, const std::string& directory, bool pip) {
  std::vector<std::string> command{python, "-m", "venv"};
  if (!pip) command.emplace_back("--without-pip");
  command.push_back(directory);
  auto made = ask(std::move(command));
  if (!made) return std::move(made).error();
  if (made->exit_code == 0) return pep::Done{};
  return pep::error(pep::Fault::kEnvironment,
                    fmt::format("{} cannot make the virtual environment {}: {}", python, directory,
                                made->last_lines(3)));
}

pep::Error nobody(const std::string& python) {
  return pep::error(
      pep::Fault::kEnvironment,
      fmt::format("{} has no pip, and there is no uv: install one of them in the image", python));
}

}  // namespace

pep::Result<Installer> find_installer(const std::string& given,
                                      const std::optional<std::string>& venv) {
  const std::string python = given.empty() ? "python3" : given;
  auto pip = pip_of(python);
  if (!pip) return std::move(pip).error();
  if (!venv) {
    if (*pip != Pip::kNone) return Installer{pip_command(python, ""), python};
    if (const auto [path, base] = paths_of(python); !base.empty()) {
      const auto others = pip_of(base);
      if (others && *others == Pip::kInstallsIntoOthers)
        return Installer{pip_command(base, path), path};
    }
    if (has_uv()) return Installer{uv_command(python), python};
    return nobody(python);
  }
  const std::string inside = *venv + "/bin/python";
  std::error_code unknown;
  if (fs::exists(*venv + "/bin/pip", unknown)) return Installer{pip_command(inside, ""), inside};
  const bool own = *pip != Pip::kInstallsIntoOthers && !has_uv();
  if (!fs::exists(*venv + "/pyvenv.cfg", unknown) || own) {
    if (auto made = make_environment(python, *venv, own); !made) return std::move(made).error();
  }
  if (own) return Installer{pip_command(inside, ""), inside};
  if (*pip == Pip::kInstallsIntoOthers) return Installer{pip_command(python, inside), inside};
  return Installer{uv_command(inside), inside};
}

}  // namespace plugin

// Which version an interpreter is, from headers, its package or the bytes of its program. Nothing
// is run.
#include <algorithm>

#include "rpmenv/python.h"
#include "rpmenv/python_places.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxProgram = 512u << 20, kMaxText = 1 << 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "3.9.18" of `"\0" "3.9.18" …` in a program.
std::string version_in(std::string_view bytes, const std::string& minor) {
  const std::string pattern = std::string(1, '\0') + minor + ".";
  for (auto at = bytes.find(pattern); at != std::string_view::npos;
       at = bytes.find(pattern, at + 1)) {
    const auto text = bytes.substr(at + 1, 32);
    const auto version = leading_python_version(text);
    if (version.size() <= minor.size() || version.size() >= text.size()) continue;
    const char end = text[version.size()];
    if (end == '\0' || end == '+' || end == ' ') return std::string(version);
  }
  return {};
}

}  // namespace

std::string_view leading_python_version(std::string_view text) {
  const auto numbers = leading_version(text);
  if (std::ranges::count(numbers, '.') < 2) return {};
  std::size_t end = numbers.size();
  const auto rest = text.substr(end);
  const std::size_t letters = rest.starts_with("rc")                           ? 2
                              : rest.starts_with('a') || rest.starts_with('b') ? 1
                                                                               : 0;
  std::size_t digits = letters;
  while (letters > 0 && digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (digits > letters) return text.substr(0, end + digits);
  // version_info of virtualenv: "3.9.18.final.0"
  return numbers;
}

std::string python_version(const Root& root, const FoundPython& python,
                           const std::string& owner_version,
                           const std::vector<std::string>& directories) {
  const auto& known = python.interpreter.version;
  const auto fits = [&](std::string_view version) {
    return version.size() > known.size() && version.starts_with(known) &&
           version[known.size()] == '.';
  };
  if (fits(python.declared_version)) return python.declared_version;
  const std::string name = python.interpreter.implementation == "pypy" ? "pypy" : "python";
  for (const char* flags : {"", "m", "t"}) {
    const auto header = root.read(
        joined(python.interpreter.prefix, "include/" + name + known + flags + "/patchlevel.h"),
        kMaxText);
    if (!header) continue;
    const auto at = (*header)->view().find("PY_VERSION ");
    if (at == std::string_view::npos) continue;
    auto text = (*header)->view().substr(at);
    const auto quote = text.find('"');
    if (quote == std::string_view::npos) continue;
    const auto version = leading_python_version(text.substr(quote + 1, 32));
    if (fits(version)) return std::string(version);
  }
  if (const auto version = leading_python_version(owner_version); fits(version))
    return std::string(version);
  std::vector<std::string> places = {python.interpreter.path};
  if (!python.library.empty()) {
    for (const char* library : {"lib", "lib64"})
      places.push_back(joined(python.interpreter.prefix, library) + "/" + python.library);
    for (const auto& directory : directories) places.push_back(joined(directory, python.library));
  }
  for (const auto& place : places) {
    const auto file = root.read(place, kMaxProgram);
    if (!file) continue;
    auto version = version_in((*file)->view(), known);
    if (!version.empty()) return version;
  }
  return known;
}

}  // namespace rpmenv

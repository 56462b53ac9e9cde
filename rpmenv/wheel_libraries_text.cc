// A text form of what wheels need: one line a library, tabs between its fields, one kind of
// separator a level. Names with such characters in them do not occur in libraries that load; a
// wheel that has one is not remembered.
#include <algorithm>
#include <charconv>

#include "rpmenv/wheel_libraries.h"

namespace rpmenv {
namespace {

constexpr std::string_view kHead = "wheel-libraries 1";
constexpr std::string_view kSeparators("\n\t\x1e\x1f\x1d");

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> words(std::string_view text, char separator) {
  std::vector<std::string> all;
  if (text.empty()) return all;
  for (const std::string_view one : split(text, separator)) all.emplace_back(one);
  return all;
}

std::string joined(const std::vector<std::string>& words, char separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::string line_of(const Library& library, std::size_t skip) {
  std::string needs;
  for (const auto& [name, nodes] : library.needs) {
    if (!needs.empty()) needs += '\x1e';
    needs += name;
    if (!nodes.empty()) needs += '\x1f' + joined(nodes, '\x1f');
  }
  return library.path.substr(skip) + '\t' + library.soname + '\t' + library.machine + '\t' +
         std::to_string(library.bits) + '\t' + joined(library.defines, '\x1f') + '\t' + needs +
         '\t' + joined(library.run_paths, '\x1d');
}

bool is_clean(const Library& library) {
  const auto clean = [](const std::string& text) {
    return text.find_first_of(kSeparators) == std::string::npos;
  };
  bool all = clean(library.path) && clean(library.soname) &&
             std::ranges::all_of(library.defines, clean) &&
             std::ranges::all_of(library.run_paths, clean);
  for (const auto& [name, nodes] : library.needs)
    all = all && clean(name) && std::ranges::all_of(nodes, clean);
  return all;
}

}  // namespace

std::string write_wheel_libraries(const WheelLibraries& wheel, const std::string& site) {
  if (!std::ranges::all_of(wheel.libraries, is_clean)) return {};
  std::string text = std::string(kHead) + '\n' + wheel.distribution;
  for (const Library& library : wheel.libraries) text += '\n' + line_of(library, site.size());
  return text;
}

std::optional<WheelLibraries> parse_wheel_libraries(std::string_view text,
                                                    const std::string& site) {
  const auto lines = split(text, '\n');
  if (lines.size() < 2 || lines[0] != kHead) return std::nullopt;
  WheelLibraries wheel{.distribution = std::string(lines[1]), .libraries = {}};
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const auto fields = split(lines[i], '\t');
    if (fields.size() != 7) return std::nullopt;
    Library library;
    library.path = site + std::string(fields[0]);
    library.soname = fields[1];
    library.machine = fields[2];
    const auto [end, code] =
        std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), library.bits);
    if (code != std::errc() || end != fields[3].data() + fields[3].size()) return std::nullopt;
    library.defines = words(fields[4], '\x1f');
    for (const std::string& need : words(fields[5], '\x1e')) {
      auto nodes = words(need, '\x1f');
      if (nodes.empty()) return std::nullopt;
      const std::string name = std::move(nodes.front());
      nodes.erase(nodes.begin());
      library.needs[name] = std::move(nodes);
    }
    library.run_paths = words(fields[6], '\x1d');
    library.in_loader_path = false;
    wheel.libraries.push_back(std::move(library));
  }
  return wheel;
}

}  // namespace rpmenv

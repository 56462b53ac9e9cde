// Reads pip.conf as pip's parser does, and pip's default index out of its sources. Of variables
// it knows those of the image.
#include "rpmenv/pip_configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "rpmenv/archive.h"
#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxConfiguration = 1 << 20, kMaxSource = 1 << 20, kMaxWheel = 64u << 20;

using Values = std::map<std::string, std::string, std::less<>>;

// pip takes "index_url", "INDEX-URL" and "--index-url" for one.
std::string normal_key(std::string_view key) {
  while (key.starts_with("--")) key.remove_prefix(2);
  std::string text(key);
  for (char& c : text)
    c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (auto word = next_word(text); !word.empty(); word = next_word(text)) words.emplace_back(word);
  return words;
}

pep::Error malformed(const std::string& path, int line, std::string_view text, std::string what) {
  auto error = pep::error(pep::Fault::kConfig, std::move(what));
  error.place = pep::Place{path, line, 1};
  error.excerpt = std::string(text.substr(0, 200));
  return error;
}

void apply_values(const Values& values, PipConfiguration& configuration) {
  const auto value = [&](std::string_view key) -> const std::string* {
    const auto found = values.find(key);
    return found == values.end() ? nullptr : &found->second;
  };
  if (const auto* text = value("index-url")) configuration.index_url = *text;
  if (const auto* text = value("extra-index-url")) configuration.extra_index_urls = words_of(*text);
  if (const auto* text = value("find-links")) configuration.find_links = words_of(*text);
  if (const auto* text = value("trusted-host")) configuration.trusted_hosts = words_of(*text);
  if (const auto* text = value("cert")) configuration.cert = *text;
  if (const auto* text = value("client-cert")) configuration.client_cert = *text;
  if (const auto* text = value("proxy")) configuration.proxy = *text;
  if (const auto* text = value("no-index")) {
    const auto word = normal_key(*text);
    configuration.no_index = word == "1" || word == "true" || word == "yes" || word == "on" ||
                             word == "y" || word == "t";
  }
  if (const auto* text = value("timeout")) {
    double seconds = 0;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (code == std::errc() && end == text->data() + text->size() && seconds > 0)
      configuration.timeout = seconds;
  }
}

// The URL of the first string after "PyPI = PackageIndex(" or, in old ones, "PyPI = Index(".
std::optional<std::string> index_in(std::string_view source) {
  for (const std::string_view begin : {"PyPI = PackageIndex(", "PyPI = Index("}) {
    const auto at = source.find(begin);
    if (at == std::string_view::npos) continue;
    auto text = source.substr(at + begin.size(), 400);
    const auto open = text.find_first_of("\"'");
    if (open == std::string_view::npos || !trimmed(text.substr(0, open)).empty()) continue;
    const auto close = text.find(text[open], open + 1);
    if (close == std::string_view::npos) continue;
    std::string url(text.substr(open + 1, close - open - 1));
    if (!url.starts_with("https://") && !url.starts_with("http://")) continue;
    return url + (url.ends_with('/') ? "simple" : "/simple");
  }
  return std::nullopt;
}

// PIP_INDEX_URL=… of the image's configuration as the key index-url. An empty one counts as none.
Values variables_of(const Root& root) {
  Values values;
  for (const std::string_view variable : root.environment()) {
    const auto equals = variable.find('=');
    if (!variable.starts_with("PIP_") || equals == std::string_view::npos ||
        equals + 1 == variable.size())
      continue;
    values[normal_key(variable.substr(4, equals - 4))] = variable.substr(equals + 1);
  }
  return values;
}

constexpr const char* kSources[] = {"pip/_internal/models/index.py", "pip/models/index.py"};

std::optional<std::string> index_in_wheels(const Root& root, const std::string& directory) {
  const auto entries = root.list(directory);
  for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
    if (!entry.name.starts_with("pip-") || !entry.name.ends_with(".whl")) continue;
    const auto wheel = root.read(directory + "/" + entry.name, kMaxWheel);
    if (!wheel) continue;
    for (const char* source : kSources) {
      const auto text = read_zip_member((*wheel)->view(), source, kMaxSource);
      if (!text) continue;
      if (auto url = index_in(*text)) return url;
    }
  }
  return std::nullopt;
}

}  // namespace

pep::Status apply_pip_conf(std::string_view text, const std::string& path,
                           PipConfiguration& configuration) {
  std::map<std::string, Values, std::less<>> sections;
  Values* section = nullptr;
  std::string* value = nullptr;  // of the last key, for its continuation lines
  std::string_view line;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (int number = 1; next_line(text, line); ++number) {
    const auto content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    if ((line.front() == ' ' || line.front() == '\t') && value != nullptr) {
      *value += (value->empty() ? "" : "\n") + std::string(content);
      continue;
    }
    if (content.front() == '[') {
      const auto close = content.find(']');
      if (close == std::string_view::npos)
        return malformed(path, number, content, "the section of pip's configuration has no \"]\"");
      section = &sections[std::string(content.substr(1, close - 1))];
      value = nullptr;
      continue;
    }
    if (section == nullptr)
      return malformed(
          path, number, content,
          "pip's configuration has a value before its first section; put [global] above it");
    const auto separator = content.find_first_of("=:");
    if (separator == std::string_view::npos)
      return malformed(path, number, content, "a line of pip's configuration has no \"=\"");
    value = &(*section)[normal_key(trimmed(content.substr(0, separator)))];
    *value = trimmed(content.substr(separator + 1));
  }
  for (const char* name : {"global", "install"}) {
    if (const auto found = sections.find(name); found != sections.end())
      apply_values(found->second, configuration);
  }
  return pep::Done{};
}

PipConfiguration read_pip_configuration(const Root& root, const Interpreter* python,
                                        std::vector<std::string>& warnings) {
  PipConfiguration configuration;
  const Values variables = variables_of(root);
  std::vector<std::string> places = {"etc/xdg/pip/pip.conf", "etc/pip.conf"};
  if (python != nullptr)
    places.push_back(python->prefix.empty() ? "pip.conf" : python->prefix + "/pip.conf");
  if (python == nullptr || python->prefix != "opt/app-root")
    places.insert(places.begin() + 2, "opt/app-root/pip.conf");
  // As with pip: a file of its own comes last, and /dev/null means no files at all.
  if (const auto file = variables.find("config-file"); file != variables.end()) {
    if (file->second == "/dev/null")
      places.clear();
    else
      places.push_back(
          file->second.substr(std::min(file->second.find_first_not_of('/'), file->second.size())));
  }
  for (const auto& path : places) {
    const auto file = root.read(path, kMaxConfiguration);
    if (!file) {
      if (file.error().fault != pep::Fault::kNotFound) warnings.push_back(file.error().what);
      continue;
    }
    if (const auto status = apply_pip_conf((*file)->view(), path, configuration); !status) {
      warnings.push_back(
          fmt::format("{}:{}: {}", path, status.error().place->line, status.error().what));
    }
  }
  apply_values(variables, configuration);
  return configuration;
}

pep::Result<std::string> default_index_of_pip(const Root& root, const Interpreter& python) {
  for (const auto& site : python.site_packages) {
    for (const char* source : kSources) {
      const auto file = root.read(site + "/" + source, kMaxSource);
      if (!file) continue;
      if (auto url = index_in((*file)->view())) return *url;
    }
  }
  const std::string prefix = python.prefix.empty() ? "" : python.prefix + "/";
  const auto first = python.version.find('.');
  const auto second = first == std::string::npos ? first : python.version.find('.', first + 1);
  const std::string minor = python.version.substr(0, second);
  std::vector<std::string> places = {prefix + "lib/python" + minor + "/ensurepip/_bundled",
                                     prefix + "lib64/python" + minor + "/ensurepip/_bundled",
                                     prefix + "share/python-wheels",
                                     "usr/share/python-wheels",
                                     "usr/share/python" + minor + "-wheels",
                                     "usr/share/python3-wheels"};
  for (const auto& place : places) {
    if (auto url = index_in_wheels(root, place)) return *url;
  }
  return pep::error(pep::Fault::kNotFound,
                    fmt::format("no pip was found for \"{}\", whose default index could be used; "
                                "name an index with --index-url",
                                python.path));
}

}  // namespace rpmenv

#include "prescriptions/configuration_file.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "prescriptions/declared.h"
#include "prescriptions/environment_map.h"
#include "prescriptions/sources.h"

namespace prescriptions {
namespace {

// Of Thoth's client, and of no meaning here.
constexpr const char* kOfOthers[] = {"host", "tls_verify", "virtualenv", "managers", "version"};

std::optional<std::string> take_word(FieldMap& map, std::string_view key) {
  const auto field = map.optional(key);
  if (!field || field->is_null()) return std::nullopt;
  if (field->is_scalar(ScalarType::kInt) || field->is_scalar(ScalarType::kFloat))
    return std::string(field->text());
  return field->string();
}

std::optional<std::string> take_one_of(FieldMap& map, std::string_view key,
                                       std::initializer_list<std::string_view> words) {
  const auto field = map.optional(key);
  if (!field || field->is_null() || !field->one_of(words)) return std::nullopt;
  return std::string(field->text());
}

std::optional<std::string> take_recommendation_type(FieldMap& map) {
  return take_one_of(map, "recommendation_type",
                     {"latest", "stable", "testing", "performance", "security"});
}

bool is_environment_name(const std::string& name) {
  return std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  });
}

RuntimeEnvironment read_entry(const Field& field) {
  RuntimeEnvironment entry;
  entry.line = field.line();
  FieldMap map(field);
  if (!map.valid()) return entry;
  entry.name = take_word(map, "name").value_or("");
  if (!is_environment_name(entry.name))
    field.error("invalid",
                "the name of an environment has letters, digits, \"_\", \"-\" and \".\"");
  if (const auto system = map.optional("operating_system"); system && !system->is_null()) {
    FieldMap parts(*system);
    entry.operating_system = take_word(parts, "name");
    entry.operating_system_version = take_word(parts, "version");
  }
  entry.python_version = take_word(map, "python_version");
  entry.platform = take_word(map, "platform");
  entry.base_image = take_word(map, "base_image");
  entry.recommendation_type = take_recommendation_type(map);
  Situation unused;
  read_environment_map(map, unused);  // the faults and warnings of all the rest
  return entry;
}

// The line after the last one that belongs to what begins in `begin`: indented deeper than `column`
// (from 1), not counting blank lines and comments at its end.
int end_of(const std::vector<std::string_view>& lines, int begin, std::size_t column) {
  int end = begin + 1;
  for (std::size_t at = static_cast<std::size_t>(begin); at < lines.size(); ++at) {
    const std::size_t text = lines[at].find_first_not_of(" \t\r");
    if (text == std::string_view::npos || lines[at][text] == '#') continue;
    if (text + 1 <= column) break;
    end = static_cast<int>(at) + 2;
  }
  return end;
}

void find_ends(ConfigurationFile& file) {
  std::vector<std::string_view> lines;
  for (std::string_view rest = file.text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (RuntimeEnvironment& entry : file.environments) {
    const std::string_view line = lines[static_cast<std::size_t>(entry.line - 1)];
    const std::size_t dash = line.find_first_not_of(' ');
    if (dash == std::string_view::npos || line[dash] != '-') {
      file.editable = false;
      return;
    }
    entry.end = end_of(lines, entry.line, dash + 1);
  }
}

void read_root(const Field& root, ConfigurationFile& file) {
  FieldMap map(root);
  if (!map.valid()) return;
  for (const char* key : kOfOthers) map.optional(key);
  file.requirements_format =
      take_one_of(map, "requirements_format", {"pipenv", "pip", "pip-tools", "pipenv+pip"});
  file.overlays_dir = take_word(map, "overlays_dir");
  file.recommendation_type = take_recommendation_type(map);
  if (const auto list = map.optional("runtime_environments"); list && !list->is_null()) {
    std::set<std::string> names;
    for (const std::vector<Field> items = list->list(0); const Field& item : items) {
      file.environments.push_back(read_entry(item));
      if (!names.insert(file.environments.back().name).second)
        item.error("duplicate", "two environments have this name");
    }
    if (!file.environments.empty()) file.environments_line = file.environments[0].line;
  }
  map.refuse_others();
}

}  // namespace

pep::Result<ConfigurationFile> read_configuration_text(std::string text, const std::string& path) {
  ConfigurationFile file;
  file.path = path;
  file.text = std::move(text);
  std::vector<Fault> warnings;
  const pep::Status status = read_declared_text(
      file.text, path, [&](const Field& root) { read_root(root, file); }, &warnings);
  if (!status) return status.error();
  find_ends(file);
  for (const Fault& fault : warnings) {
    file.warnings.push_back(
        fmt::format("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message));
  }
  return file;
}

pep::Result<ConfigurationFile> read_configuration_file(const std::string& path) {
  std::string text;
  std::vector<Fault> errors;
  if (!read_text(path, text, errors)) {
    pep::Error error = pep::error(pep::Fault::kNotFound, errors.front().message);
    error.place = pep::Place{path, 0, 0};
    return error;
  }
  return read_configuration_text(std::move(text), path);
}

pep::Result<const RuntimeEnvironment*> runtime_environment(const ConfigurationFile& file,
                                                           const std::string& name) {
  if (name.empty()) return file.environments.empty() ? nullptr : &file.environments[0];
  std::string known;
  for (const RuntimeEnvironment& entry : file.environments) {
    if (entry.name == name) return &entry;
    known += (known.empty() ? "" : ", ") + entry.name;
  }
  return pep::error(pep::Fault::kConfig,
                    fmt::format("{} has no runtime environment {}; it has {}", file.path, name,
                                known.empty() ? "none" : known));
}

pep::Result<DeclaredEnvironment> declare_environment(const ConfigurationFile& file,
                                                     const RuntimeEnvironment& entry,
                                                     Situation& situation) {
  DeclaredEnvironment declared;
  std::vector<Fault> warnings;
  const auto take = [&](const Field& root) {
    FieldMap map(root);
    const auto list = map.optional("runtime_environments");
    if (!list) return;
    const std::vector<Field> items = list->list(0);
    for (const Field& item : items) {
      if (item.line() != entry.line) continue;
      FieldMap one(item);
      if (one.valid()) declared = read_environment_map(one, situation);
      return;
    }
  };
  const pep::Status status = read_declared_text(file.text, file.path, take, &warnings);
  if (!status) return status.error();
  return declared;
}

}  // namespace prescriptions

// Sections of a Pipfile; see pipfile.h. Every entry is put together as a PEP 508 requirement and
// parsed as one.
#include "resolver/lock/pipfile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "resolver/lock/logical_line.h"
#include "resolver/lock/manifest_entry.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

constexpr std::array<std::string_view, 11> kMarkerKeys = {"os_name",
                                                          "sys_platform",
                                                          "platform_machine",
                                                          "platform_python_implementation",
                                                          "platform_release",
                                                          "platform_system",
                                                          "platform_version",
                                                          "python_version",
                                                          "python_full_version",
                                                          "implementation_name",
                                                          "implementation_version"};
constexpr std::array<std::string_view, 7> kSections = {
    "source", "packages", "dev-packages", "requires", "pipenv", "scripts", "categories"};

// "==1.0" from "1.0": pipenv reads a bare version as a pin.
std::string specifier_of(std::string_view version) {
  if (version == "*" || version.empty()) return {};
  const bool bare = version[0] >= '0' && version[0] <= '9';
  return (bare ? "==" : "") + std::string(version);
}

struct Entry {
  std::string text;  // PEP 508
  std::string index;
  bool editable = false;
};

pep::Result<std::string> extras_of(const SourceText& source, const Value& table) {
  const Value* extras = table.find("extras");
  if (extras == nullptr) return std::string();
  if (auto status = expect_kind(source, *extras, Kind::kArray, "extras"); !status)
    return std::move(status).error();
  std::string text;
  for (const Value& extra : extras->items) {
    if (auto status = expect_kind(source, extra, Kind::kString, "an extra"); !status)
      return std::move(status).error();
    text += (text.empty() ? "[" : ",") + extra.text;
  }
  return text.empty() ? text : text + "]";
}

std::string markers_of(const Value& table) {
  std::string markers;
  if (const std::string_view own = table.string("markers"); !own.empty())
    markers = fmt::format("({})", own);
  for (const std::string_view key : kMarkerKeys) {
    const std::string_view condition = table.string(key);
    if (!condition.empty())
      markers += fmt::format("{}{} {}", markers.empty() ? "" : " and ", key, condition);
  }
  return markers;
}

// Where a table says the distribution is, if not on an index.
std::string location_of(const Value& table) {
  for (const std::string_view system : {"git", "hg", "svn", "bzr"}) {
    const std::string_view url = table.string(system);
    if (url.empty()) continue;
    const std::string_view ref = table.string("ref");
    return fmt::format("{}+{}{}{}", system, url, ref.empty() ? "" : "@", ref);
  }
  for (const std::string_view key : {"path", "file", "uri"}) {
    if (const std::string_view place = table.string(key); !place.empty()) return std::string(place);
  }
  return {};
}

pep::Result<Entry> entry_of(const SourceText& source, const Member& member) {
  const Value& value = member.value;
  Entry entry;
  if (value.is_string()) {
    entry.text = member.name + specifier_of(value.text);
    return entry;
  }
  if (auto status = expect_kind(source, value, Kind::kTable, "the entry of " + member.name);
      !status) {
    return std::move(status).error();
  }
  auto extras = extras_of(source, value);
  if (!extras) return std::move(extras).error();
  entry.text = member.name + *extras;
  const std::string location = location_of(value);
  entry.text += location.empty() ? specifier_of(value.string("version")) : " @ " + location + " ";
  if (const std::string markers = markers_of(value); !markers.empty())
    entry.text += " ; " + markers;
  entry.index = std::string(value.string("index"));
  const Value* editable = value.find("editable");
  entry.editable = editable != nullptr && editable->boolean;
  return entry;
}

}  // namespace

bool is_pipfile_category(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kOthers = {
      "source",  "packages", "dev-packages", "requires", "scripts",
      "pipfile", "default",  "develop",      "pipenv"};
  return std::ranges::find(kOthers, name) == kOthers.end();
}

namespace {

class Pipfile {
 public:
  Pipfile(const SourceText& source, const Value& document, const Selection& selection)
      : source_(source), document_(document), selection_(selection) {}
  pep::Result<Requirements> read();

 private:
  pep::Status add_section(const std::string& name, bool develop);
  pep::Status add_sources();
  void add_requires();

  const SourceText& source_;
  const Value& document_;
  const Selection& selection_;
  Requirements found_;
};

pep::Status Pipfile::add_section(const std::string& name, bool develop) {
  const Value* section = document_.find(name);
  if (section == nullptr) return pep::Done{};
  if (auto status = expect_kind(source_, *section, Kind::kTable, "[" + name + "]"); !status)
    return status;
  for (const Member& member : section->members) {
    auto entry = entry_of(source_, member);
    if (!entry) return std::move(entry).error();
    auto root = parse_entry(source_, member.value, entry->text);
    if (!root) {
      pep::Error failure = std::move(root).error();
      failure.place = source_.place(member.value.line, member.value.column);
      failure.what = fmt::format("{}: {}", member.name, failure.what);
      return failure;
    }
    root->develop = develop;
    root->editable = entry->editable;
    root->index = entry->index;
    const auto named = [&](const NamedIndex& index) { return index.name == entry->index; };
    if (!entry->index.empty() && std::ranges::none_of(found_.named_indexes, named)) {
      return error_at(source_, member.value,
                      fmt::format("{}: no [[source]] is named \"{}\"", member.name, entry->index));
    }
    found_.requirements.push_back(std::move(*root));
  }
  return pep::Done{};
}

pep::Status Pipfile::add_sources() {
  const Value* sources = document_.find("source");
  if (sources == nullptr) return pep::Done{};
  if (auto status = expect_kind(source_, *sources, Kind::kArray, "[[source]]"); !status)
    return status;
  for (const Value& each : sources->items) {
    const std::string_view url = each.string("url");
    if (url.empty()) return error_at(source_, each, "a [[source]] needs a url");
    const Value* verify = each.find("verify_ssl");
    const bool verifies = verify == nullptr || verify->kind != Kind::kBoolean || verify->boolean;
    found_.named_indexes.push_back(
        {std::string(each.string("name")), with_variables(url), verifies});
  }
  return pep::Done{};
}

void Pipfile::add_requires() {
  const Value* required = document_.find("requires");
  if (required == nullptr) return;
  const std::string_view full = required->string("python_full_version");
  const std::string_view version = required->string("python_version");
  if (!full.empty()) {
    found_.requires_python = fmt::format("=={}", full);
  } else if (!version.empty() && version != "*") {
    found_.requires_python = fmt::format("=={}.*", version);
  }
}

pep::Result<Requirements> Pipfile::read() {
  found_.files_read.push_back({source_.name(), source_.text()});
  if (auto status = add_sources(); !status) return std::move(status).error();
  add_requires();
  const Value* settings = document_.find("pipenv");
  const Value* pre = settings == nullptr ? nullptr : settings->find("allow_prereleases");
  found_.options.pre = pre != nullptr && pre->boolean;
  if (auto status = add_section("packages", false); !status) return std::move(status).error();
  if (selection_.develop) {
    if (auto status = add_section("dev-packages", true); !status) return std::move(status).error();
  }
  std::vector<std::string> groups = selection_.groups;
  for (const Member& member : document_.members) {
    const bool wanted =
        selection_.all_categories && member.value.is_table() && is_pipfile_category(member.name);
    if (wanted && std::ranges::find(groups, member.name) == groups.end())
      groups.push_back(member.name);
  }
  for (const std::string& group : groups) {
    if (document_.find(group) == nullptr ||
        std::ranges::find(kSections, group) != kSections.end()) {
      return pep::error(pep::Fault::kUsage,
                        fmt::format("{} has no category [{}]", source_.name(), group));
    }
    if (auto status = add_section(group, true); !status) return std::move(status).error();
  }
  return std::move(found_);
}

pep::Result<Requirements> read_decoded(const SourceText& source, const Selection& selection) {
  auto document = parse_toml(source);
  if (!document) return std::move(document).error();
  return Pipfile(source, *document, selection).read();
}

}  // namespace

pep::Result<Requirements> read_pipfile(const std::string& path, const Selection& selection) {
  auto source = read_source(path);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

pep::Result<Requirements> read_pipfile_text(std::string_view text, const std::string& name,
                                            const Selection& selection) {
  auto source = SourceText::decode(std::string(text), name);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

}  // namespace resolver::lock

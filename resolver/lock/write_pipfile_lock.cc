// Writes a Pipfile.lock as pipenv lays it out, with the hash of the Pipfile that it compares.
#include <algorithm>

#include "resolver/lock/canonical_json.h"
#include "resolver/lock/direct_origin.h"
#include "resolver/lock/document.h"
#include "resolver/lock/pipfile.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

Value table() {
  Value value;
  value.kind = Kind::kTable;
  return value;
}

Value array() {
  Value value;
  value.kind = Kind::kArray;
  return value;
}

Value string_value(std::string_view text) {
  Value value;
  value.kind = Kind::kString;
  value.text = std::string(text);
  return value;
}

Value or_else(const Value* value, Value (*other)()) { return value == nullptr ? other() : *value; }

// An index is the same with and without a secret in its URL, or a slash at its end.
std::string plain_index(std::string_view url) {
  std::string plain = without_credentials(url);
  while (plain.ends_with('/')) plain.pop_back();
  return plain;
}

// What pipenv puts in place of the [[source]] that a Pipfile lacks.
Value default_sources(const std::string& url) {
  Value yes;
  yes.kind = Kind::kBoolean;
  yes.boolean = true;
  Value source = table();
  source.members = {
      {"name", string_value("pypi")}, {"url", string_value(url)}, {"verify_ssl", std::move(yes)}};
  Value sources = array();
  sources.items.push_back(std::move(source));
  return sources;
}

Value entry_of(const Package& package, const PipfileFacts& facts) {
  Value entry = table();
  if (!package.extras.empty()) {
    Value extras = array();
    for (const pep::Name& extra : package.extras) extras.items.push_back(string_value(extra.str()));
    entry.members.push_back({"extras", std::move(extras)});
  }
  std::vector<std::string> hashes;
  for (const Artifact& artifact : package.artifacts) {
    if (!artifact.sha256.empty()) hashes.push_back("sha256:" + artifact.sha256);
  }
  std::ranges::sort(hashes);
  const auto repeated = std::ranges::unique(hashes);
  hashes.erase(repeated.begin(), repeated.end());
  Value list = array();
  for (const std::string& hash : hashes) list.items.push_back(string_value(hash));
  if (!package.origin || !hashes.empty()) entry.members.push_back({"hashes", std::move(list)});
  const std::string place = plain_index(package.index);
  const auto index = std::ranges::find(
      facts.indexes, place, [](const NamedIndex& each) { return plain_index(each.url); });
  if (index != facts.indexes.end() && !index->name.empty())
    entry.members.push_back({"index", string_value(index->name)});
  if (!package.marker.empty()) entry.members.push_back({"markers", string_value(package.marker)});
  if (package.origin) {
    const auto path = facts.paths.find(package.name);
    for (Member& member : pipfile_origin(*package.origin)) {
      if (member.name == "path" && path != facts.paths.end()) member.value.text = path->second;
      entry.members.push_back(std::move(member));
    }
    std::ranges::sort(entry.members, {}, &Member::name);
  } else {
    entry.members.push_back({"version", string_value("==" + package.version.str())});
  }
  return entry;
}

// The packages that `names` need, themselves included: a section is installed by itself.
std::vector<bool> closure(const Lock& lock, std::vector<pep::Name> names) {
  std::vector<bool> reached(lock.packages.size(), false);
  while (!names.empty()) {
    const auto found = std::ranges::lower_bound(lock.packages, names.back(), {}, &Package::name);
    const bool known = found != lock.packages.end() && found->name == names.back();
    names.pop_back();
    const auto place = static_cast<std::size_t>(found - lock.packages.begin());
    if (!known || reached[place]) continue;
    reached[place] = true;
    names.insert(names.end(), found->dependencies.begin(), found->dependencies.end());
  }
  return reached;
}

Value section_of(const Lock& lock, const PipfileFacts& facts, const std::vector<bool>& members) {
  Value section = table();
  for (std::size_t i = 0; i < lock.packages.size(); ++i) {
    const Package& package = lock.packages[i];
    if (members[i]) section.members.push_back({package.name.str(), entry_of(package, facts)});
  }
  return section;
}

}  // namespace

pep::Result<PipfileFacts> pipfile_facts(std::string_view text, const std::string& name,
                                        const std::string& default_index) {
  const auto source = SourceText::decode(std::string(text), name);
  if (!source) return source.error();
  const auto document = parse_toml(*source);
  if (!document) return document.error();
  auto read = read_pipfile_text(text, name, {});
  if (!read) return std::move(read).error();

  PipfileFacts facts;
  facts.indexes = std::move(read->named_indexes);
  const Value* given = document->find("source");
  const bool has_source = given != nullptr && !given->items.empty();
  if (!has_source && default_index.empty()) {
    pep::Error failure = pep::error(
        pep::Fault::kConfig,
        name +
            " has no [[source]]: pipenv then puts its own default into the lock and its hash, "
            "which the target's pip does not tell; add a [[source]] with the index's url");
    failure.place = {name, 1, 1};
    return failure;
  }
  Value sources = has_source ? *given : default_sources(plain_index(default_index));
  if (!has_source) facts.indexes = {{"pypi", default_index, true}};
  Value required = or_else(document->find("requires"), table);
  Value meta = table();
  meta.members = {{"requires", required}, {"sources", sources}};
  Value hashed = table();
  hashed.members = {{"_meta", meta},
                    {"default", or_else(document->find("packages"), table)},
                    {"develop", or_else(document->find("dev-packages"), table)}};
  for (const Member& member : document->members) {
    if (is_pipfile_category(member.name)) hashed.members.push_back(member);
  }
  for (const Member& section : hashed.members) {
    if (section.name == "_meta" || section.name == "default") continue;
    PipfileFacts::Category category{section.name, {}};
    for (const Member& member : section.value.members)
      category.packages.push_back(pep::Name::of(member.name));
    facts.categories.push_back(std::move(category));
  }
  for (const Member& section : hashed.members) {
    for (const Member& member : section.value.members) {
      if (const std::string_view path = member.value.string("path"); !path.empty())
        facts.paths[pep::Name::of(member.name)] = std::string(path);
    }
  }
  append_compact_json(facts.hashed, hashed);
  // The lock keeps variables ("${TOKEN}") as they are written and never what they stand for; a
  // secret that stands in the Pipfile itself stays there.
  for (Value& each : sources.items) {
    for (Member& member : each.members) {
      if (member.name == "url" && member.value.text.find("${") == std::string::npos) {
        member.value.text = without_credentials(member.value.text);
      }
    }
  }
  facts.meta = "        \"pipfile-spec\": 6,\n        \"requires\": ";
  append_indented_json(facts.meta, required, 2);
  facts.meta += ",\n        \"sources\": ";
  append_indented_json(facts.meta, sources, 2);
  return facts;
}

std::string write_pipfile_lock(const Lock& lock, const PipfileFacts& facts,
                               std::string_view sha256) {
  std::string out = "{\n    \"_meta\": {\n        \"hash\": {\n            \"sha256\": ";
  append_json_string(out, sha256);
  out += "\n        },\n" + facts.meta + "\n    },\n    \"default\": ";
  std::vector<bool> members;
  for (const Package& package : lock.packages) members.push_back(!package.develop);
  append_indented_json(out, section_of(lock, facts, members), 1);
  for (const PipfileFacts::Category& category : facts.categories) {
    out += ",\n    ";
    append_json_string(out, category.name);
    out += ": ";
    append_indented_json(out, section_of(lock, facts, closure(lock, category.packages)), 1);
  }
  return out += "\n}\n";
}

}  // namespace resolver::lock

#include "resolver/lock/project_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "pep/metadata.h"
#include "resolver/lock/document.h"
#include "resolver/lock/setup_cfg.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

pep::Error only_a_build_tells(const std::string& shown, const std::string& why) {
  return pep::error(pep::Fault::kNotFound, fmt::format("{}: {}; --allow-build lets it be built to "
                                                       "find out",
                                                       shown, why));
}

// Collects METADATA. A value that holds a line break cannot be a field.
class Fields {
 public:
  Fields() : text_("Metadata-Version: 2.2\n") {}
  void add(std::string_view field, std::string_view value) {
    text_ += fmt::format("{}: {}\n", field, value);
    broken_ = broken_ || value.find_first_of("\r\n") != std::string_view::npos;
  }
  // A dependency, of an extra where one is named.
  pep::Status add_dependency(std::string_view dependency, const std::string& extra) {
    auto parsed = pep::Requirement::parse(dependency);
    if (!parsed) return pep::error(pep::Fault::kMalformed, parsed.error().what);
    if (extra.empty()) {
      add("Requires-Dist", parsed->str());
      return pep::Done{};
    }
    const std::string own = parsed->marker ? "(" + parsed->marker->str() + ") and " : "";
    parsed->marker.reset();
    add("Requires-Dist", fmt::format("{} ; {}extra == \"{}\"", parsed->str(), own, extra));
    return pep::Done{};
  }
  pep::Result<std::string> take(const std::string& shown) {
    auto checked = pep::Metadata::parse(text_);
    if (broken_ || !checked) {
      return pep::error(pep::Fault::kMalformed,
                        fmt::format("{}: {}", shown,
                                    checked ? "a field has a line break" : checked.error().what));
    }
    return std::move(text_);
  }

 private:
  std::string text_;
  bool broken_ = false;
};

std::string dynamic_field(const Value& project) {
  const Value* dynamic = project.find("dynamic");
  if (dynamic == nullptr) return {};
  for (const Value& each : dynamic->items) {
    for (const char* field :
         {"version", "dependencies", "optional-dependencies", "requires-python"}) {
      if (each.text == field) return field;
    }
  }
  return {};
}

pep::Status add_list(Fields& fields, const SourceText& source, const Value& list,
                     const std::string& extra) {
  if (!list.is_array()) return error_at(source, list, "dependencies are an array of strings");
  for (const Value& each : list.items) {
    if (auto added = fields.add_dependency(each.text, extra); !added)
      return error_at(source, each, added.error().what);
  }
  return pep::Done{};
}

pep::Result<std::string> of_pyproject(const SourceText& source, const Value& project,
                                      const std::string& shown) {
  if (const std::string field = dynamic_field(project); !field.empty())
    return only_a_build_tells(shown, fmt::format("its {} is dynamic in pyproject.toml", field));
  Fields fields;
  if (project.string("name").empty()) return error_at(source, project, "[project] needs a name");
  if (project.string("version").empty())
    return error_at(source, project, "[project] needs a version, or says that it is dynamic");
  fields.add("Name", project.string("name"));
  fields.add("Version", project.string("version"));
  if (const auto python = project.string("requires-python"); !python.empty())
    fields.add("Requires-Python", python);
  if (const Value* list = project.find("dependencies")) {
    if (auto added = add_list(fields, source, *list, ""); !added) return std::move(added).error();
  }
  if (const Value* optional = project.find("optional-dependencies")) {
    for (const Member& member : optional->members) {
      const std::string extra = pep::Name::of(member.name).str();
      fields.add("Provides-Extra", extra);
      if (auto added = add_list(fields, source, member.value, extra); !added)
        return std::move(added).error();
    }
  }
  return fields.take(shown);
}

std::string without_space(std::string_view text) {
  std::string out;
  bool comment = false;
  for (const char c : text) {
    if (c == '#') comment = true;
    if (c == '\n') comment = false;
    if (!comment && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ';') out += c;
  }
  return out;
}

// Whether setup.py adds nothing to what setup.cfg says.
bool is_stub(std::string_view setup_py) {
  const std::string code = without_space(setup_py);
  return code == "fromsetuptoolsimportsetupsetup()" ||
         code == "importsetuptoolssetuptools.setup()" ||
         code == "importsetuptoolsif__name__==\"__main__\":setuptools.setup()" ||
         code == "fromsetuptoolsimportsetupif__name__==\"__main__\":setup()" ||
         code == "fromsetuptoolsimportsetupif__name__=='__main__':setup()";
}

bool is_computed(std::string_view value) {
  return value.starts_with("attr:") || value.starts_with("file:");
}

pep::Result<std::string> of_setup_cfg(const SourceText& source, const std::string& shown) {
  Fields fields;
  std::string name;
  std::string version;
  for (const SetupOption& option : setup_options(source)) {
    const bool metadata = option.section == "metadata";
    const bool install = option.section == "options" && option.name == "install_requires";
    const bool extra = option.section == "options.extras_require";
    if (!metadata && option.section != "options" && !extra) continue;
    if (extra) fields.add("Provides-Extra", pep::Name::of(option.name).str());
    for (const SetupItem& item : option.items) {
      if ((install || extra || option.name == "version") && is_computed(item.text))
        return only_a_build_tells(shown,
                                  fmt::format("its {} is computed by setuptools", option.name));
      if (metadata && option.name == "name") name = item.text;
      if (metadata && option.name == "version") version = item.text;
      if (!extra && option.name == "python_requires") fields.add("Requires-Python", item.text);
      if (!install && !extra) continue;
      const std::string of = extra ? pep::Name::of(option.name).str() : "";
      if (auto added = fields.add_dependency(item.text, of); !added)
        return error_at(source, item.place, added.error().what);
    }
  }
  if (name.empty() || version.empty())
    return only_a_build_tells(shown, "setup.cfg says no name and version");
  fields.add("Name", name);
  fields.add("Version", version);
  return fields.take(shown);
}

// None if there is no such file.
pep::Result<std::optional<SourceText>> source_of(const TreeReader& read, const std::string& shown,
                                                 const std::string& name) {
  auto text = read(name);
  if (!text && text.error().fault == pep::Fault::kNotFound) return std::optional<SourceText>();
  if (!text) return std::move(text).error();
  auto source = SourceText::decode(std::move(*text), shown + "/" + name);
  if (!source) return std::move(source).error();
  return std::optional<SourceText>(std::move(*source));
}

}  // namespace

pep::Result<std::string> static_metadata(const TreeReader& read, const std::string& shown) {
  auto pyproject = source_of(read, shown, "pyproject.toml");
  if (!pyproject) return std::move(pyproject).error();
  if (*pyproject) {
    auto document = parse_toml(**pyproject);
    if (!document) return std::move(document).error();
    if (const Value* project = document->find("project"))
      return of_pyproject(**pyproject, *project, shown);
    const Value* build = document->find("build-system");
    const std::string_view backend = build == nullptr ? "" : build->string("build-backend");
    if (!backend.empty() && !backend.starts_with("setuptools"))
      return only_a_build_tells(shown, "pyproject.toml has no [project]");
  }
  auto setup_py = read("setup.py");
  if (!setup_py && setup_py.error().fault != pep::Fault::kNotFound)
    return std::move(setup_py).error();
  auto setup_cfg = source_of(read, shown, "setup.cfg");
  if (!setup_cfg) return std::move(setup_cfg).error();
  if (setup_py && !is_stub(*setup_py))
    return only_a_build_tells(shown, "only its setup.py says what it is");
  if (*setup_cfg) return of_setup_cfg(**setup_cfg, shown);
  if (!*pyproject && !setup_py) {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("{} is no Python project: it has neither pyproject.toml nor "
                                  "setup.cfg nor setup.py",
                                  shown));
  }
  return only_a_build_tells(shown, "no file says what it is");
}

pep::Result<BuildSystem> build_system(const TreeReader& read, const std::string& shown) {
  BuildSystem system{.requires_ = {"setuptools>=40.8.0"},
                     .backend = "setuptools.build_meta:__legacy__",
                     .backend_path = {}};
  auto pyproject = source_of(read, shown, "pyproject.toml");
  if (!pyproject) return std::move(pyproject).error();
  if (!*pyproject) return system;
  auto document = parse_toml(**pyproject);
  if (!document) return std::move(document).error();
  const Value* build = document->find("build-system");
  if (build == nullptr) return system;
  if (const Value* list = build->find("requires")) {
    system.requires_.clear();
    for (const Value& each : list->items) {
      if (auto parsed = pep::Requirement::parse(each.text); !parsed)
        return error_at(**pyproject, each, parsed.error().what);
      system.requires_.push_back(each.text);
    }
  }
  if (const auto backend = build->string("build-backend"); !backend.empty())
    system.backend = std::string(backend);
  if (const Value* paths = build->find("backend-path")) {
    for (const Value& each : paths->items) {
      if (each.text.starts_with('/') || each.text.find("..") != std::string::npos)
        return error_at(**pyproject, each, "backend-path must lie in the project");
      system.backend_path.push_back(each.text);
    }
  }
  return system;
}

}  // namespace resolver::lock

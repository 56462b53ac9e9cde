// [project] and [dependency-groups] of a pyproject.toml; see pyproject.h.
#include "resolver/lock/pyproject.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pep/groups.h"
#include "resolver/lock/manifest_entry.h"

namespace resolver::lock {
namespace {

using Kind = Value::Kind;

class Project {
 public:
  Project(const SourceText& source, const Value& document, const Selection& selection)
      : source_(source),
        selection_(selection),
        project_(document.find("project")),
        groups_(document.find("dependency-groups")),
        tool_(document.find("tool")) {}

  pep::Result<Requirements> read();

 private:
  pep::Status refuse_without_dependencies() const;
  pep::Status refuse_dynamic(std::string_view field) const;
  pep::Status add_list(const Value& list, std::string_view what);
  pep::Status add_extras();
  pep::Status add_extra(const std::string& extra);
  pep::Status add_groups();
  pep::Status add_group(const pep::Groups& groups, const std::string& name);
  pep::Result<pep::Groups> groups() const;
  pep::Error group_error(const pep::Error& error) const;

  const SourceText& source_;
  const Selection& selection_;
  const Value* project_;
  const Value* groups_;
  const Value* tool_;
  pep::Name name_;
  std::set<pep::Name> done_;  // extras
  Requirements found_;
};

pep::Status Project::refuse_without_dependencies() const {
  if (project_ != nullptr || (groups_ != nullptr && !selection_.groups.empty())) return pep::Done{};
  if (tool_ != nullptr && tool_->find("poetry") != nullptr) {
    return error_at(source_, *tool_->find("poetry"),
                    "only [tool.poetry] says what is needed here; list it in [project] "
                    "dependencies, which Poetry 2 reads too");
  }
  return source_.error(pep::Fault::kMalformed, 1, 0,
                       "there is no [project] table, so nothing says what is needed");
}

pep::Status Project::refuse_dynamic(std::string_view field) const {
  const Value* dynamic = project_ == nullptr ? nullptr : project_->find("dynamic");
  if (dynamic == nullptr) return pep::Done{};
  for (const Value& each : dynamic->items) {
    if (each.text != field) continue;
    return error_at(
        source_, each,
        fmt::format(
            "\"{}\" is dynamic: only the build backend knows it, and nothing is executed to ask; "
            "write it into [project]",
            field));
  }
  return pep::Done{};
}

pep::Status Project::add_list(const Value& list, std::string_view what) {
  if (auto status = expect_kind(source_, list, Kind::kArray, what); !status) return status;
  for (const Value& each : list.items) {
    if (auto status = expect_kind(source_, each, Kind::kString, fmt::format("an item of {}", what));
        !status)
      return status;
    auto root = parse_entry(source_, each, each.text);
    if (!root) return std::move(root).error();
    if (!name_.empty() && root->requirement.name == name_) {  // "all = ['this[a,b]']"
      for (const pep::Name& extra : root->requirement.extras) {
        if (auto status = add_extra(extra.str()); !status) return status;
      }
      continue;
    }
    found_.requirements.push_back(std::move(*root));
  }
  return pep::Done{};
}

pep::Status Project::add_extra(const std::string& extra) {
  const pep::Name wanted = pep::Name::of(extra);
  if (!done_.insert(wanted).second) return pep::Done{};
  const Value* optional = project_ == nullptr ? nullptr : project_->find("optional-dependencies");
  std::string known;
  if (optional != nullptr) {
    for (const Member& member : optional->members) {
      if (pep::Name::of(member.name) == wanted) {
        return add_list(member.value,
                        fmt::format("[project.optional-dependencies] {}", member.name));
      }
      known += (known.empty() ? "" : ", ") + member.name;
    }
  }
  return pep::error(pep::Fault::kUsage,
                    fmt::format("{} has no extra \"{}\"{}", source_.name(), extra,
                                known.empty() ? "" : "; it has: " + known));
}

pep::Status Project::add_extras() {
  if (selection_.extras.empty() && !selection_.all_extras) return pep::Done{};
  if (auto status = refuse_dynamic("optional-dependencies"); !status) return status;
  const Value* optional = project_ == nullptr ? nullptr : project_->find("optional-dependencies");
  if (optional != nullptr) {
    if (auto status =
            expect_kind(source_, *optional, Kind::kTable, "[project.optional-dependencies]");
        !status)
      return status;
  }
  if (selection_.all_extras && optional != nullptr) {
    for (const Member& member : optional->members) {
      if (auto status = add_extra(member.name); !status) return status;
    }
  }
  for (const std::string& extra : selection_.extras) {
    if (auto status = add_extra(extra); !status) return status;
  }
  return pep::Done{};
}

pep::Result<pep::Groups> Project::groups() const {
  pep::Groups groups;
  if (groups_ == nullptr) return groups;
  if (auto status = expect_kind(source_, *groups_, Kind::kTable, "[dependency-groups]"); !status)
    return std::move(status).error();
  for (const Member& member : groups_->members) {
    if (auto status = expect_kind(source_, member.value, Kind::kArray, "the group " + member.name);
        !status) {
      return std::move(status).error();
    }
    auto& items = groups[member.name];
    for (const Value& item : member.value.items) {
      const Value* include = item.find("include-group");
      if (item.is_string()) {
        items.emplace_back(item.text);
      } else if (include != nullptr && include->is_string() && item.members.size() == 1) {
        items.emplace_back(pep::IncludeGroup{include->text});
      } else {
        return error_at(source_, item,
                        "a group holds requirements and {include-group = \"name\"}, nothing else");
      }
    }
  }
  return groups;
}

// An error from a group names the requirement only; here it gets its place back.
pep::Error Project::group_error(const pep::Error& error) const {
  if (error.place && !error.excerpt.empty()) {
    for (const Member& member : groups_->members) {
      for (const Value& item : member.value.items) {
        if (!item.is_string() || item.text != error.excerpt) continue;
        return source_.error(pep::Fault::kMalformed, item.line,
                             item.column + std::max(error.place->column, 1), error.what);
      }
    }
  }
  pep::Error failure = error;
  failure.what = fmt::format("{}: {}", source_.name(), error.what);
  if (failure.fault == pep::Fault::kNotFound) failure.fault = pep::Fault::kUsage;
  return failure;
}

pep::Status Project::add_group(const pep::Groups& groups, const std::string& name) {
  auto resolved = pep::resolve_group(groups, name);
  if (!resolved) return group_error(resolved.error());
  const pep::Name wanted = pep::Name::of(name);
  const auto own = std::ranges::find_if(
      groups_->members, [&](const Member& m) { return pep::Name::of(m.name) == wanted; });
  for (pep::Requirement& requirement : *resolved) {
    RootRequirement root;
    root.requirement = std::move(requirement);
    if (!root.requirement.url.empty()) root.origin = Origin::kUrl;
    root.develop = true;
    if (own != groups_->members.end())
      root.place = source_.place(own->value.line, own->value.column);
    found_.requirements.push_back(std::move(root));
  }
  return pep::Done{};
}

pep::Status Project::add_groups() {
  std::vector<std::string> wanted = selection_.groups;
  auto groups = this->groups();
  if (!groups) return std::move(groups).error();
  const auto is_dev = [](const std::string& name) { return pep::Name::of(name).str() == "dev"; };
  const bool has_dev =
      std::ranges::any_of(*groups, [&](const auto& group) { return is_dev(group.first); });
  if (selection_.develop && has_dev && std::ranges::none_of(wanted, is_dev))
    wanted.emplace_back("dev");
  for (const std::string& name : wanted) {
    if (auto status = add_group(*groups, name); !status) return status;
  }
  return pep::Done{};
}

pep::Result<Requirements> Project::read() {
  found_.files_read.push_back({source_.name(), source_.text()});
  if (auto status = refuse_without_dependencies(); !status) return std::move(status).error();
  if (project_ != nullptr) {
    if (auto status = expect_kind(source_, *project_, Kind::kTable, "[project]"); !status)
      return std::move(status).error();
    if (auto name = pep::Name::parse(project_->string("name"))) name_ = *name;
    found_.requires_python = std::string(project_->string("requires-python"));
    if (auto set = pep::SpecifierSet::parse(found_.requires_python); !set) {
      return error_at(source_, *project_->find("requires-python"), set.error().what);
    }
    if (auto status = refuse_dynamic("dependencies"); !status) return std::move(status).error();
    if (const Value* list = project_->find("dependencies")) {
      if (auto status = add_list(*list, "[project] dependencies"); !status)
        return std::move(status).error();
    }
  }
  if (auto status = add_extras(); !status) return std::move(status).error();
  if (auto status = add_groups(); !status) return std::move(status).error();
  const Value* uv = tool_ == nullptr ? nullptr : tool_->find("uv");
  if (uv != nullptr && uv->find("sources") != nullptr) {
    found_.warnings.push_back(fmt::format(
        "{}: [tool.uv.sources] is not read; packages come from the index", source_.name()));
  }
  return std::move(found_);
}

pep::Result<Requirements> read_decoded(const SourceText& source, const Selection& selection) {
  auto document = parse_toml(source);
  if (!document) return std::move(document).error();
  return Project(source, *document, selection).read();
}

}  // namespace

pep::Result<Requirements> read_pyproject(const std::string& path, const Selection& selection) {
  auto source = read_source(path);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

pep::Result<Requirements> read_pyproject_text(std::string_view text, const std::string& name,
                                              const Selection& selection) {
  auto source = SourceText::decode(std::string(text), name);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

}  // namespace resolver::lock

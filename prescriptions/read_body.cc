// The `match` and `run` blocks of the eleven types of units.
#include <utility>

#include "fmt/format.h"
#include "pep/name.h"
#include "prescriptions/read_parts.h"

namespace prescriptions {
namespace {

// match: {package_version: {...}} or a list of them; steps.
template <class Read>
auto read_matches(const Field& match, Read read) {
  using Value = typename decltype(read(match))::value_type;
  std::vector<Value> values;
  for (const std::vector<Field> entries = match.one_or_list(); const Field& entry : entries) {
    if (auto value = read(entry)) values.push_back(std::move(*value));
  }
  return values;
}

// The original does not check the spelling here, and one file of its own corpus has another; it
// means the package.
std::string normalized_name(const Field& field) {
  const std::string name = field.string().value_or("");
  if (name.empty() || pep::is_normalized_name(name)) return name;
  std::string normal = pep::Name::of(name).str();
  field.warning("not_normalized",
                fmt::format("the package name \"{}\" is read as \"{}\"", name, normal));
  return normal;
}

std::optional<std::string> read_package_name_match(const Field& match, bool required) {
  FieldMap map(match);
  std::string name;
  const auto field = required ? map.required("package_name") : map.optional("package_name");
  if (field) name = normalized_name(*field);
  map.refuse_others();
  return name;
}

std::optional<PackagePattern> read_package_version_match(const Field& match, bool needs_name) {
  FieldMap map(match);
  std::optional<PackagePattern> pattern;
  if (const auto package = map.required("package_version"))
    pattern = read_pattern(*package, needs_name);
  map.refuse_others();
  return pattern;
}

std::optional<StepMatch> read_step_match(const Field& match) {
  FieldMap map(match);
  StepMatch result;
  if (const auto package = map.required("package_version")) {
    if (auto pattern = read_pattern(*package, false)) result.package_version = std::move(*pattern);
  }
  if (const auto state = map.optional("state")) {
    FieldMap inner(*state);
    if (const auto resolved = inner.optional("resolved_dependencies")) {
      result.resolved_dependencies = read_patterns(*resolved, 1, true);
    }
    if (const auto from = inner.optional("package_version_from")) {
      result.package_version_from = read_patterns(*from, 1, true);
    }
    if (const auto other = inner.optional("package_version_from_allow_other")) {
      result.package_version_from_allow_other = other->boolean().value_or(false);
    }
    inner.refuse_others();
  }
  map.refuse_others();
  return result;
}

std::optional<std::vector<PackagePattern>> read_group_match(const Field& match) {
  FieldMap map(match);
  std::vector<PackagePattern> members;
  if (const auto group = map.required("group")) {
    for (const std::vector<Field> items = group->list(2); const Field& item : items) {
      if (auto member = read_package_version_match(item, true))
        members.push_back(std::move(*member));
    }
  }
  map.refuse_others();
  return members;
}

// match: {state: {resolved_dependencies: [...]}}; a wrap's may be empty.
std::optional<std::vector<PackagePattern>> read_state_match(const Field& match, bool required) {
  FieldMap map(match);
  std::vector<PackagePattern> patterns;
  if (const auto state = required ? map.required("state") : map.optional("state")) {
    FieldMap inner(*state);
    if (const auto resolved = inner.required("resolved_dependencies"))
      patterns = read_patterns(*resolved, 0, true);
    inner.refuse_others();
  }
  map.refuse_others();
  return patterns;
}

// As above, but exactly one package, in a list or alone.
std::optional<PackagePattern> read_single_state_match(const Field& match) {
  FieldMap map(match);
  std::optional<PackagePattern> pattern;
  if (const auto state = map.required("state")) {
    FieldMap inner(*state);
    if (const auto resolved = inner.required("resolved_dependencies")) {
      const std::vector<Field> items = resolved->one_or_list();
      if (items.size() > 1)
        resolved->error("bad_value", "release notes are of exactly one package");
      if (!items.empty()) pattern = read_pattern(items.front(), true);
    }
    inner.refuse_others();
  }
  map.refuse_others();
  return pattern;
}

// A run block; a unit without one gets an empty map's defaults.
template <class Take>
void read_run(FieldMap& unit, bool required, Take take) {
  const auto run = required ? unit.required("run") : unit.optional("run");
  if (!run) return;
  FieldMap map(*run);
  take(map);
  map.refuse_others();
}

std::optional<bool> take_bool(FieldMap& map, std::string_view key) {
  const auto field = map.optional(key);
  return field ? field->boolean() : std::nullopt;
}

Boot read_boot(FieldMap& unit) {
  Boot boot;
  if (const auto match = unit.optional("match")) {
    boot.match = read_matches(
        *match, [](const Field& entry) { return read_package_name_match(entry, false); });
  }
  read_run(unit, true, [&](FieldMap& run) {
    take_stack_info(run, boot.notices);
    take_ending(run, boot.ending);
  });
  return boot;
}

void read_yield(const Field& field, Pseudonym& pseudonym) {
  FieldMap map(field);
  pseudonym.yield_matched_version = take_bool(map, "yield_matched_version").value_or(false);
  if (const auto package = map.required("package_version"))
    pseudonym.yield = read_choice(*package, false);
  if (pseudonym.yield_matched_version && pseudonym.yield && pseudonym.yield->locked_version) {
    field.error("exclusive_keys",
                "yield_matched_version and locked_version exclude each other; keep one of them");
  }
  map.refuse_others();
}

Pseudonym read_pseudonym(FieldMap& unit) {
  Pseudonym pseudonym;
  if (const auto match = unit.required("match")) {
    pseudonym.match = read_matches(
        *match, [](const Field& entry) { return read_package_version_match(entry, true); });
  }
  read_run(unit, true, [&](FieldMap& run) {
    take_stack_info(run, pseudonym.notices);
    if (const auto yield = run.required("yield")) read_yield(*yield, pseudonym);
  });
  return pseudonym;
}

Sieve read_sieve(FieldMap& unit) {
  Sieve sieve;
  if (const auto match = unit.required("match")) {
    sieve.match = read_matches(
        *match, [](const Field& entry) { return read_package_version_match(entry, false); });
  }
  read_run(unit, false, [&](FieldMap& run) { take_stack_info(run, sieve.notices); });
  return sieve;
}

SkipPackageSieve read_skip_package_sieve(FieldMap& unit) {
  SkipPackageSieve sieve;
  if (const auto match = unit.required("match")) {
    sieve.match = read_matches(
        *match, [](const Field& entry) { return read_package_name_match(entry, true); });
  }
  read_run(unit, false, [&](FieldMap& run) { take_stack_info(run, sieve.notices); });
  return sieve;
}

Step read_step(FieldMap& unit) {
  Step step;
  if (const auto match = unit.required("match")) step.match = read_matches(*match, read_step_match);
  read_run(unit, true, [&](FieldMap& run) {
    step.score = take_score(run);
    take_justification(run, step.notices);
    take_stack_info(run, step.notices);
    take_ending(run, step.ending);
    step.multi_package_resolution = take_bool(run, "multi_package_resolution").value_or(false);
    run.exclude("score", "eager_stop_pipeline");
    run.exclude("score", "not_acceptable");
    run.exclude("justification", "not_acceptable");
    run.exclude("justification", "eager_stop_pipeline");
  });
  return step;
}

SkipPackageStep read_skip_package_step(FieldMap& unit) {
  SkipPackageStep step;
  if (const auto match = unit.required("match")) {
    if (auto only = read_step_match(*match)) step.match = std::move(*only);
  }
  read_run(unit, false, [&](FieldMap& run) {
    take_stack_info(run, step.notices);
    step.multi_package_resolution = take_bool(run, "multi_package_resolution").value_or(false);
  });
  return step;
}

AddPackageStep read_add_package_step(FieldMap& unit) {
  AddPackageStep step;
  if (const auto match = unit.required("match")) step.match = read_matches(*match, read_step_match);
  read_run(unit, true, [&](FieldMap& run) {
    if (const auto package = run.required("package_version")) {
      if (auto choice = read_choice(*package, true)) step.package_version = std::move(*choice);
    }
    take_stack_info(run, step.notices);
    step.multi_package_resolution = take_bool(run, "multi_package_resolution").value_or(false);
  });
  return step;
}

GroupStep read_group_step(FieldMap& unit) {
  GroupStep step;
  if (const auto match = unit.required("match"))
    step.match = read_matches(*match, read_group_match);
  read_run(unit, true, [&](FieldMap& run) {
    step.score = take_score(run);
    take_justification(run, step.notices);
    take_stack_info(run, step.notices);
    take_ending(run, step.ending);
  });
  return step;
}

Stride read_stride(FieldMap& unit) {
  Stride stride;
  if (const auto match = unit.required("match")) {
    stride.match =
        read_matches(*match, [](const Field& entry) { return read_state_match(entry, true); });
  }
  read_run(unit, true, [&](FieldMap& run) {
    take_stack_info(run, stride.notices);
    take_ending(run, stride.ending);
  });
  return stride;
}

Wrap read_wrap(FieldMap& unit) {
  Wrap wrap;
  if (const auto match = unit.optional("match")) {
    wrap.match =
        read_matches(*match, [](const Field& entry) { return read_state_match(entry, false); });
  }
  read_run(unit, true, [&](FieldMap& run) {
    take_stack_info(run, wrap.notices);
    take_justification(run, wrap.notices);
    if (const auto changes = run.optional("advised_manifest_changes")) {
      wrap.advised_manifest_changes = json_of(*changes).value_or("");
    }
  });
  return wrap;
}

ReleaseNotesWrap read_release_notes_wrap(FieldMap& unit) {
  ReleaseNotesWrap wrap;
  if (const auto match = unit.required("match"))
    wrap.match = read_matches(*match, read_single_state_match);
  read_run(unit, true, [&](FieldMap& run) {
    const auto notes = run.required("release_notes");
    if (!notes) return;
    FieldMap map(*notes);
    if (const auto organization = map.required("organization"))
      wrap.organization = organization->string().value_or("");
    if (const auto repository = map.required("repository"))
      wrap.repository = repository->string().value_or("");
    if (const auto prefix = map.optional("tag_version_prefix"))
      wrap.tag_version_prefix = prefix->string().value_or("");
    map.refuse_others();
  });
  return wrap;
}

}  // namespace

std::optional<Body> read_body(FieldMap& unit, Kind kind, const Field& type) {
  switch (kind) {
    case Kind::kBoot:
      if (type.one_of({"boot"})) return read_boot(unit);
      break;
    case Kind::kPseudonym:
      if (type.one_of({"pseudonym"})) return read_pseudonym(unit);
      break;
    case Kind::kSieve:
      if (const auto which = type.one_of({"sieve", "sieve.SkipPackage"})) {
        if (*which == 0) return read_sieve(unit);
        return read_skip_package_sieve(unit);
      }
      break;
    case Kind::kStep:
      if (const auto which =
              type.one_of({"step", "step.SkipPackage", "step.AddPackage", "step.Group"})) {
        if (*which == 0) return read_step(unit);
        if (*which == 1) return read_skip_package_step(unit);
        if (*which == 2) return read_add_package_step(unit);
        return read_group_step(unit);
      }
      break;
    case Kind::kStride:
      if (type.one_of({"stride"})) return read_stride(unit);
      break;
    case Kind::kWrap:
      if (const auto which = type.one_of({"wrap", "wrap.GHReleaseNotes"})) {
        if (*which == 0) return read_wrap(unit);
        return read_release_notes_wrap(unit);
      }
      break;
  }
  return std::nullopt;
}

}  // namespace prescriptions

// The values that several kinds of units share: versions, names, links, entries, patterns. Private
// to the reader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "prescriptions/field.h"
#include "prescriptions/unit.h"

namespace prescriptions {

// Each reads one field; what is wrong becomes a fault and the value stays as it was.
std::optional<std::string> read_name(const Field& field);  // a package name in normal form
std::optional<VersionRange> read_range(const Field& field);
std::optional<std::string> read_link(const Field& field);  // complete: a slug is expanded
std::vector<std::string> read_strings(const Field& field, std::size_t least);
std::optional<PackagePattern> read_pattern(const Field& field, bool needs_name);
std::vector<PackagePattern> read_patterns(const Field& field, std::size_t least, bool need_names);
std::optional<PackageChoice> read_choice(const Field& field, bool complete);

// Parts of a `run` block; each takes its keys from the map.
void take_stack_info(FieldMap& run, Notices& notices);  // stack_info and log
void take_justification(FieldMap& run, Notices& notices);
void take_ending(FieldMap& run, Ending& ending);
std::optional<double> take_score(FieldMap& run);

ShouldInclude read_should_include(const Field& field);                        // read_condition.cc
std::optional<Body> read_body(FieldMap& unit, Kind kind, const Field& type);  // read_body.cc

// Any YAML value as JSON; a fault if it is too large.
std::optional<std::string> json_of(const Field& field);

}  // namespace prescriptions

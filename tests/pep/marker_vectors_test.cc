// packaging's rows on markers.
#include "pep/marker.h"
#include "tests/pep/vectors.h"

namespace {

using pep::Environment;
using pep::Marker;
using pep::Name;

constexpr char kFile[] = "test_markers.json";

bool parses(const std::string& text) { return Marker::parse(text).has_value(); }

std::string str_of(const std::string& text) {
  const auto marker = Marker::parse(text);
  EXPECT_TRUE(marker) << text;
  return marker ? marker->str() : "";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

Environment default_environment() {
  Environment environment;
  environment.implementation_version = environment.python_full_version = "3.12.1";
  environment.python_version = "3.12";
  environment.platform_machine = "x86_64";
  return environment;
}

void check_evaluation(const vectors::Row& row) {
  Environment environment = default_environment();
  const std::pair<std::string_view, std::string*> variables[] = {
      {"os_name", &environment.os_name},
      {"sys_platform", &environment.sys_platform},
      {"platform_version", &environment.platform_version},
      {"platform_machine", &environment.platform_machine},
      {"platform_python_implementation", &environment.platform_python_implementation},
      {"python_version", &environment.python_version}};
  std::vector<Name> extras;
  for (const auto& [key, value] : row.pairs("environment")) {
    bool known = key == "extra";
    if (known && !value.empty()) extras.push_back(Name::of(value));
    for (const auto& [name, variable] : variables) {
      if (name != key) continue;
      *variable = value;
      known = true;
    }
    EXPECT_TRUE(known) << key;
  }
  const auto marker = Marker::parse(row.text("marker_string"));
  ASSERT_TRUE(marker);
  EXPECT_EQ(marker->holds(environment, extras), row.flag("expected"));
}

}  // namespace

VECTORS(Marker, valid, kFile, "TestMarker.test_parses_valid") {
  EXPECT_TRUE(parses(row.text("marker_string")));
}
VECTORS(Marker, valid_pep345, kFile, "TestMarker.test_parses_pep345_valid") {
  EXPECT_TRUE(parses(row.text("marker_string")));
}
VECTORS(Marker, valid_legacy, kFile, "TestMarker.test_parses_setuptools_legacy_valid") {
  EXPECT_TRUE(parses(row.text("marker_string")));
}
VECTORS(Marker, invalid, kFile, "TestMarker.test_parses_invalid") {
  EXPECT_FALSE(parses(row.text("marker_string")));
}
VECTORS(Marker, trailing_line_break, kFile, "TestMarker.test_parses_invalid_trailing_line_break") {
  EXPECT_FALSE(parses("python_version >= '3'" + row.text("line_break")));
}
VECTORS(Marker, trailing_blanks, kFile, "TestMarker.test_parses_trailing_horizontal_whitespace") {
  EXPECT_TRUE(parses("python_version >= '3'" + row.text("whitespace")));
}
VECTORS(Marker, malformed_string, kFile, "TestMarker.test_parses_invalid_malformed_quoted_string") {
  const auto marker = Marker::parse(row.text("marker_string"));
  ASSERT_FALSE(marker);
  EXPECT_EQ(marker.error().place->column, 12);  // packaging's "~~~~~^" begins there as well
}
VECTORS(Marker, quotes, kFile, "TestNode.test_value_serialize_chooses_quote_delimiter") {
  const std::string quoted = row.text("expected");
  EXPECT_EQ(str_of("os_name == " + quoted), "os_name == " + quoted);
}
VECTORS(Marker, str, kFile, "TestMarker.test_str_repr_eq_hash") {
  EXPECT_EQ(str_of(row.text("marker_string")), row.text("expected"));
  EXPECT_EQ(Marker::parse(row.text("marker_string")).value(),
            Marker::parse(row.text("expected")).value());
}
VECTORS(Marker, different, kFile, "TestMarker.test_different_markers_different_hashes") {
  EXPECT_NE(str_of(row.text("example1")), str_of(row.text("example2")));
}
VECTORS(Marker, evaluates, kFile, "TestMarker.test_evaluates") { check_evaluation(row); }
VECTORS(Marker, evaluates_pep345, kFile, "TestMarker.test_evaluate_pep345_markers") {
  check_evaluation(row);
}
VECTORS(Marker, version_like, kFile, "TestMarker.test_version_like_equality") {
  check_evaluation(row);
}
VECTORS(Marker, membership_name, kFile, "TestMarker.test_membership_value_str_normalization") {
  EXPECT_EQ(str_of("'Foo_Bar' in " + row.text("variable")),
            "\"foo-bar\" in " + row.text("variable"));
}
VECTORS(Marker, membership_name_negated, kFile,
        "TestMarker.test_membership_value_str_normalization_negated") {
  EXPECT_EQ(str_of("'Foo_Bar' not in " + row.text("variable")),
            "\"foo-bar\" not in " + row.text("variable"));
}
VECTORS(Marker, sets, kFile, "TestMarker.test_extras_and_dependency_groups") {
  const auto marker = Marker::parse(replaced(row.text("expression"), "{0}", row.text("variable")));
  ASSERT_TRUE(marker);
  const std::vector<Name> names = {Name::of("foo"), Name::of("bar")};
  const bool groups = row.text("variable") == "dependency_groups";
  const std::vector<Name> none;
  EXPECT_EQ(marker->holds(default_environment(), groups ? none : names, groups ? names : none),
            row.flag("result"));
}
VECTORS(Marker, set_on_the_left, kFile,
        "TestMarker.test_set_valued_marker_on_lhs_raises_undefined_comparison") {
  const auto marker = Marker::parse(row.text("variable") + " " + row.text("op") + " 'foo'");
  ASSERT_TRUE(marker);
  const std::vector<Name> names = {Name::of("foo")};
  EXPECT_FALSE(marker->holds(default_environment(), names, names));
}
VECTORS(Marker, round_trip, kFile, "test_pickle_marker_roundtrip") {
  EXPECT_EQ(str_of(str_of(row.text("marker_str"))), str_of(row.text("marker_str")));
}

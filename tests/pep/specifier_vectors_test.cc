// packaging's rows on specifiers and, as far as they say what a set contains, on ranges.
#include <algorithm>

#include "pep/specifier.h"
#include "tests/pep/vectors.h"

namespace {

using pep::Specifier;
using pep::SpecifierSet;
using pep::Version;

constexpr char kFile[] = "test_specifiers.json.gz";

SpecifierSet set_of(std::string_view text) {
  auto parsed = SpecifierSet::parse(text);
  EXPECT_TRUE(parsed) << text;
  return std::move(parsed).value_or(SpecifierSet());
}

bool parses(const std::string& text) { return Specifier::parse(text).has_value(); }

bool equal(const std::string& left, const std::string& right) {
  const bool same = set_of(left) == set_of(right);
  EXPECT_EQ(same, set_of(left).specifiers().front() == set_of(right).specifiers().front());
  return same;
}

// packaging's contains: without a policy a lone pre-release is taken, and a policy set on the call
// goes before one set on the specifier.
bool contains(const SpecifierSet& set, const std::string& text, std::optional<bool> on_set,
              std::optional<bool> on_call = {}) {
  const auto version = Version::try_parse(text);
  const std::optional<bool> policy = on_call ? on_call : on_set;
  if (version && policy) return set.contains(*version, policy) && set.contains_text(text);
  return set.contains_text(text);
}

void check_contains(const SpecifierSet& set, const std::string& text, bool expected) {
  EXPECT_EQ(set.contains_text(text), expected);
  const bool as_written = set.str().find("===") != std::string::npos;
  if (const auto version = Version::try_parse(text); version && !as_written) {
    EXPECT_EQ(set.contains(*version), expected);
  }
}

void check_filter(const SpecifierSet& set, const std::vector<std::string>& input,
                  std::optional<bool> policy, const std::vector<std::string>& expected) {
  std::vector<std::string> taken;
  for (const std::size_t i : set.filter(input, policy)) taken.push_back(input[i]);
  EXPECT_EQ(taken, expected);
}

std::optional<bool> policy_of(const vectors::Row& row, std::string_view on_set) {
  const auto on_call = row.flag("prereleases");
  return on_call ? on_call : row.flag(on_set);
}

bool compare(const vectors::Row& row) {
  const bool same = equal(row.text("left"), row.text("right"));
  return row.text("op") == "callable:eq" ? same : !same;
}

// The versions that packaging samples with.
const std::vector<Version>& samples() {
  static const std::vector<Version> all = [] {
    std::vector<Version> versions;
    for (const auto& text : vectors::constant(kFile, "_SAMPLE_VERSIONS")) {
      if (auto version = Version::try_parse(text)) versions.push_back(*version);
    }
    EXPECT_GT(versions.size(), 500U);
    return versions;
  }();
  return all;
}

// The samples and versions near the operands of `set`, as texts.
std::vector<std::string> candidates(const SpecifierSet& set) {
  std::vector<std::string> texts;
  for (const Version& version : samples()) texts.push_back(version.str());
  for (const Specifier& specifier : set.specifiers()) {
    std::string operand = specifier.text();
    if (specifier.wildcard()) operand.resize(operand.size() - 2);
    for (const char* suffix : {"", ".1", ".0.0.1", ".post1"}) texts.push_back(operand + suffix);
    ++operand.back();
    texts.push_back(operand);
  }
  return texts;
}

bool takes_some(const SpecifierSet& set, std::optional<bool> policy) {
  const auto texts = candidates(set);
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return contains(set, text, policy); });
}

bool is_subset(const SpecifierSet& small, const SpecifierSet& large) {
  auto texts = candidates(small);
  for (auto& text : candidates(large)) texts.push_back(std::move(text));
  return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return !small.contains_text(text) || large.contains_text(text);
  });
}

}  // namespace

VECTORS(Specifier, valid, kFile, "TestSpecifier.test_specifiers_valid") {
  EXPECT_TRUE(parses(row.text("specifier")));
}
VECTORS(Specifier, invalid, kFile, "TestSpecifier.test_specifiers_invalid") {
  EXPECT_FALSE(parses(row.text("specifier")));
}
VECTORS(Specifier, normalized, kFile, "TestSpecifier.test_specifiers_normalized") {
  const std::string version = row.text("version");
  const bool local = version.find('+') != std::string::npos;
  for (const char* op : {"==", "!="}) EXPECT_TRUE(parses(op + version)) << op;
  for (const char* op : {"~=", "<=", ">=", "<", ">"}) EXPECT_EQ(parses(op + version), !local) << op;
}
VECTORS(Specifier, str, kFile, "TestSpecifier.test_specifiers_str_and_repr") {
  EXPECT_EQ(set_of(row.text("specifier")).specifiers().front().str(), row.text("expected"));
}
VECTORS(Specifier, hash, kFile, "TestSpecifier.test_specifiers_hash") {
  EXPECT_TRUE(equal(row.text("specifier"), row.text("specifier")));
}
VECTORS(Specifier, comparison_true, kFile, "TestSpecifier.test_comparison_true") {
  EXPECT_TRUE(compare(row));
}
VECTORS(Specifier, comparison_false, kFile, "TestSpecifier.test_comparison_false") {
  EXPECT_FALSE(compare(row));
}
VECTORS(Specifier, comparison_canonicalizes, kFile, "TestSpecifier.test_comparison_canonicalizes") {
  EXPECT_TRUE(equal(row.text("left"), row.text("right")));
}
VECTORS(Specifier, contains, kFile, "TestSpecifier.test_specifiers") {
  check_contains(set_of(row.text("spec_str")), row.text("version"), row.flag("expected").value());
}
VECTORS(Specifier, invalid_version, kFile, "TestSpecifier.test_invalid_version") {
  EXPECT_EQ(set_of(row.text("spec_str")).contains_text(row.text("version")), row.flag("expected"));
}
static void check_policy_change(const vectors::Row& row, const std::string& text) {
  const SpecifierSet set = set_of(text);
  const std::string version = row.text("version");
  EXPECT_EQ(contains(set, version, row.flag("initial_prereleases")), row.flag("initial_contains"));
  EXPECT_EQ(contains(set, version, row.flag("set_prereleases")), row.flag("final_contains"));
}
VECTORS(Specifier, prereleases_set, kFile, "TestSpecifier.test_specifier_prereleases_set") {
  check_policy_change(row, row.text("specifier"));
}
VECTORS(Specifier, arbitrary_equality, kFile, "TestSpecifier.test_arbitrary_equality") {
  check_contains(set_of(row.text("spec_str")), row.text("version"), row.flag("expected").value());
}
VECTORS(Specifier, arbitrary_spelling, kFile,
        "TestSpecifier.test_arbitrary_equality_normalization") {
  check_contains(set_of(row.text("spec_str")), row.text("version"), row.flag("expected").value());
}
VECTORS(Specifier, names_prerelease, kFile, "TestSpecifier.test_specifier_prereleases_detection") {
  EXPECT_EQ(set_of(row.text("specifier")).specifiers().front().names_prerelease(),
            row.flag("expected"));
}
VECTORS(Specifier, prereleases, kFile, "TestSpecifier.test_specifiers_prereleases") {
  EXPECT_EQ(contains(set_of(row.text("specifier")), row.text("version"), row.flag("spec_pre"),
                     row.flag("contains_pre")),
            row.flag("expected"));
}
VECTORS(Specifier, filter, kFile, "TestSpecifier.test_specifier_filter") {
  check_filter(set_of(row.text("specifier")), row.texts("input"),
               policy_of(row, "specifier_prereleases"), row.texts("expected"));
}
VECTORS(Specifier, filter_arbitrary, kFile,
        "TestSpecifier.test_specifier_filter_arbitrary_equality_normalization") {
  check_filter(set_of(row.text("specifier")), row.texts("input"), {}, row.texts("expected"));
}
VECTORS(Specifier, op, kFile, "TestSpecifier.test_specifier_operator_property") {
  EXPECT_EQ(pep::spelling(set_of(row.text("spec")).specifiers().front().op()), row.text("op"));
}
VECTORS(Specifier, version, kFile, "TestSpecifier.test_specifier_version_property") {
  EXPECT_EQ(set_of(row.text("spec")).specifiers().front().text(), row.text("version"));
}
VECTORS(SpecifierSet, length, kFile, "TestSpecifier.test_length") {
  EXPECT_EQ(std::to_string(set_of(row.text("spec_str")).specifiers().size()),
            std::to_string(row.number("expected_length")));
}
VECTORS(SpecifierSet, iteration, kFile, "TestSpecifier.test_iteration") {
  std::vector<std::string> items;
  const SpecifierSet set = set_of(row.text("spec_str"));
  for (const auto& specifier : set.specifiers()) {
    items.push_back(specifier.str());
  }
  EXPECT_EQ(items, row.texts("expected_items"));
}
VECTORS(SpecifierSet, empty_contains, kFile, "TestSpecifierSet.test_empty_specifier") {
  check_contains(SpecifierSet(), row.text("version"), true);
}
VECTORS(SpecifierSet, empty_arbitrary, kFile,
        "TestSpecifierSet.test_empty_specifier_arbitrary_string") {
  check_filter(SpecifierSet(), row.texts("versions"), row.flag("prereleases"),
               row.texts("expected"));
}
VECTORS(SpecifierSet, empty_ordering, kFile,
        "TestSpecifierSet.test_empty_specifier_ordering_with_arbitrary") {
  check_filter(SpecifierSet(), row.texts("versions"), {}, row.texts("expected"));
}
VECTORS(SpecifierSet, prereleases_explicit, kFile,
        "TestSpecifierSet.test_specifier_prereleases_explicit") {
  check_policy_change(row, row.text("spec_str"));
}
VECTORS(SpecifierSet, installed_prereleases, kFile,
        "TestSpecifierSet.test_specifier_contains_installed_prereleases") {
  const auto version = Version::try_parse(row.text("version"));
  const bool installed = row.flag("installed").value_or(false) && version->is_prerelease();
  EXPECT_EQ(
      contains(set_of(row.text("specifier")), row.text("version"), row.flag("spec_prereleases"),
               installed ? std::optional(true) : row.flag("contains_prereleases")),
      row.flag("expected"));
}
VECTORS(SpecifierSet, filter, kFile, "TestSpecifierSet.test_specifier_filter") {
  check_filter(set_of(row.text("specifier")), row.texts("input"),
               policy_of(row, "specifier_prereleases"), row.texts("expected"));
}
VECTORS(SpecifierSet, filter_bridges, kFile, "TestSpecifierSet.test_filter_exclusionary_bridges") {
  check_filter(set_of(row.text("specifier")), row.texts("input"), row.flag("prereleases"),
               row.texts("expected"));
}
VECTORS(SpecifierSet, contains_bridges, kFile,
        "TestSpecifierSet.test_contains_exclusionary_bridges") {
  EXPECT_EQ(contains(set_of(row.text("specifier")), row.text("version"), row.flag("prereleases")),
            row.flag("expected"));
}
VECTORS(SpecifierSet, rejects_invalid, kFile,
        "TestSpecifierSet.test_contains_rejects_invalid_specifier") {
  EXPECT_FALSE(set_of(row.text("specifier")).contains_text(row.text("input")));
}
VECTORS(SpecifierSet, post_release_boundary, kFile,
        "TestSpecifierSet.test_contains_post_release_boundary_intersection") {
  check_contains(set_of(row.text("spec_str")), row.text("version"), row.flag("expected").value());
}
VECTORS(SpecifierSet, oversized, kFile,
        "TestSpecifierSet.test_contains_oversized_version_raises_valueerror") {
  EXPECT_FALSE(SpecifierSet::parse(row.text("specifier")));
}
VECTORS(SpecifierSet, arbitrary_contains, kFile,
        "TestSpecifierSet.test_contains_arbitrary_equality_contains") {
  EXPECT_EQ(set_of(row.text("specifier")).contains_text(row.text("version")), row.flag("expected"));
}
VECTORS(SpecifierSet, arbitrary_spelling, kFile,
        "TestSpecifierSet.test_contains_arbitrary_equality_normalization") {
  EXPECT_EQ(set_of(row.text("spec_str")).contains_text(row.text("version")), row.flag("expected"));
}
VECTORS(SpecifierSet, str, kFile, "TestSpecifierSet.test_specifiers_str_and_repr") {
  EXPECT_EQ(set_of(row.text("specifier")).str(), row.text("expected"));
}
VECTORS(SpecifierSet, hash, kFile, "TestSpecifierSet.test_specifiers_hash") {
  EXPECT_EQ(set_of(row.text("specifier")), set_of(row.text("specifier")));
}
VECTORS(SpecifierSet, combine, kFile, "TestSpecifierSet.test_specifiers_combine") {
  EXPECT_EQ(set_of(row.text("left") + "," + row.text("right")), set_of(row.text("expected")));
}
VECTORS(SpecifierSet, comparison_true, kFile, "TestSpecifierSet.test_comparison_true") {
  EXPECT_TRUE(compare(row));
}
VECTORS(SpecifierSet, comparison_false, kFile, "TestSpecifierSet.test_comparison_false") {
  EXPECT_FALSE(compare(row));
}
VECTORS(SpecifierSet, comparison_canonicalizes, kFile,
        "TestSpecifierSet.test_comparison_canonicalizes") {
  EXPECT_TRUE(equal(row.text("left"), row.text("right")));
}
VECTORS(SpecifierSet, ignores_local, kFile, "TestSpecifierSet.test_comparison_ignores_local") {
  check_contains(set_of(row.text("specifier")), row.text("version"), row.flag("expected").value());
}
VECTORS(SpecifierSet, arbitrary_intersection, kFile,
        "TestSpecifierSet.test_arbitrary_equality_is_intersection_preserving") {
  const SpecifierSet both = set_of(row.text("spec1") + "," + row.text("spec2"));
  for (const std::string& version : row.texts("input_versions")) {
    EXPECT_EQ(both.contains_text(version), set_of(row.text("spec1")).contains_text(version) &&
                                               set_of(row.text("spec2")).contains_text(version));
  }
}
VECTORS(SpecifierSet, unsatisfiable, kFile, "TestIsUnsatisfiable.test_unsatisfiable") {
  EXPECT_FALSE(takes_some(set_of(row.text("spec_str")), {}));
}
VECTORS(SpecifierSet, satisfiable, kFile, "TestIsUnsatisfiable.test_satisfiable") {
  EXPECT_TRUE(takes_some(set_of(row.text("spec_str")), {}));
}
VECTORS(SpecifierSet, satisfiable_finals, kFile,
        "TestIsUnsatisfiable.test_satisfiable_prereleases_false") {
  EXPECT_TRUE(takes_some(set_of(row.text("spec_str")), false));
}
VECTORS(SpecifierSet, is_subset, kFile, "TestSpecifierSet.test_is_subset") {
  EXPECT_EQ(is_subset(set_of(row.text("left")), set_of(row.text("right"))), row.flag("expected"));
}
VECTORS(SpecifierSet, is_superset, kFile, "TestSpecifierSet.test_is_superset") {
  EXPECT_EQ(is_subset(set_of(row.text("right")), set_of(row.text("left"))), row.flag("expected"));
}
VECTORS(SpecifierSet, is_disjoint, kFile, "TestSpecifierSet.test_is_disjoint") {
  EXPECT_EQ(takes_some(set_of(row.text("left") + "," + row.text("right")), {}),
            !row.flag("expected").value());
}
VECTORS(SpecifierSet, unsatisfiable_boundary, kFile,
        "TestIsUnsatisfiable.test_post_release_boundary_unsatisfiable") {
  EXPECT_FALSE(takes_some(set_of(row.text("spec_str")), {}));
}
VECTORS(SpecifierSet, unsatisfiable_finals, kFile,
        "TestIsUnsatisfiable.test_unsatisfiable_prereleases_false") {
  EXPECT_FALSE(takes_some(set_of(row.text("spec_str")), false));
}
VECTORS(SpecifierSet, canonicalization, kFile,
        "TestIsUnsatisfiable.test_contains_identical_across_canonicalization") {
  const SpecifierSet set = set_of(row.text("spec"));
  for (const std::string& version : row.texts("versions")) {
    EXPECT_EQ(set.contains_text(version), set_of(set.str()).contains_text(version)) << version;
  }
}
VECTORS(Specifier, round_trip, kFile, "test_pickle_specifier_roundtrip") {
  const SpecifierSet set = set_of(row.text("specifier"));
  EXPECT_EQ(set_of(set.str()), set);
}
VECTORS(SpecifierSet, round_trip, kFile, "test_pickle_specifierset_roundtrip") {
  const SpecifierSet set = set_of(row.text("specifiers"));
  EXPECT_EQ(set_of(set.str()), set);
}
VECTORS(SpecifierSet, short_release, kFile, "test_boundary_closure_short_release") {
  check_contains(set_of(row.text("spec_str")), row.text("version_str"),
                 row.flag("expected").value());
}

VECTORS(Ranges, operators, "test_ranges.json", "TestToRange.test_operators") {
  check_contains(set_of(row.text("spec")), row.text("inside"), true);
  check_contains(set_of(row.text("spec")), row.text("outside"), false);
}
VECTORS(Ranges, opt_in, "test_ranges.json",
        "TestFilter.test_intersected_requirement_keeps_opt_in") {
  check_filter(set_of(row.text("dep") + "," + row.text("constraint")), row.texts("versions"), {},
               row.texts("expected"));
}
VECTORS(Ranges, empty_gaps, "test_ranges.json", "TestSyntheticEmptyGaps.test_is_empty") {
  EXPECT_FALSE(takes_some(set_of(row.text("spec")), {}));
}
VECTORS(Ranges, excluded, "test_ranges.json",
        "TestSyntheticEmptyGaps.test_intersection_drops_embedded_empty") {
  check_contains(set_of(row.text("spec")), row.text("excluded"), false);
}
VECTORS(Ranges, boundaries, "test_ranges.json",
        "TestBoundaryCanonicalization.test_equal_and_hash") {
  for (const Version& version : samples()) {
    EXPECT_EQ(set_of(row.text("dev_form")).contains(version),
              set_of(row.text("boundary_form")).contains(version))
        << version.str();
  }
}
VECTORS(Ranges, finals_excluded, "test_ranges.json",
        "TestEmptyMatchesUnsatisfiable.test_prerelease_only_empty_when_policy_excludes") {
  EXPECT_FALSE(takes_some(set_of(row.text("spec")), false));
}
VECTORS(Ranges, finals_survive, "test_ranges.json",
        "TestEmptyMatchesUnsatisfiable.test_non_prerelease_bounds_survive") {
  EXPECT_TRUE(takes_some(set_of(row.text("spec")), false));
}
VECTORS(Ranges, not_empty, "test_ranges.json", "TestSyntheticEmptyGaps.test_not_empty") {
  EXPECT_TRUE(takes_some(set_of(row.text("spec")), {}));
}

// packaging's rows on requirements, names, file names, tags, metadata and groups; and the table of
// the rows that are left out, so that none is forgotten.
#include <algorithm>
#include <cstdio>

#include "pep/groups.h"
#include "pep/metadata.h"
#include "pep/tag.h"
#include "tests/pep/vectors.h"

namespace {

using pep::Requirement;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool parses(const std::string& text) { return Requirement::parse(text).has_value(); }

Requirement requirement(const std::string& text) {
  auto parsed = Requirement::parse(text);
  EXPECT_TRUE(parsed) << text;
  return std::move(parsed).value_or(Requirement());
}

bool same(const std::string& a, const std::string& b) {
  const Requirement left = requirement(a);
  const Requirement right = requirement(b);
  return left.name == right.name && left.extras == right.extras &&
         left.specifiers == right.specifiers && left.url == right.url &&
         left.marker == right.marker;
}

constexpr char kRequirements[] = "test_requirements.json";
constexpr char kUtils[] = "test_utils.json";
constexpr char kTags[] = "test_tags.json";
constexpr char kMetadata[] = "test_metadata.json";

}  // namespace

VECTORS(Requirement, basic, kRequirements, "test_basic_valid_requirement_parsing") {
  const std::string ws = row.text("whitespace");
  std::vector<std::string> parts = {row.text("name")};
  std::vector<std::string> extras = row.texts("extras");
  if (!extras.empty()) {
    std::string joined;
    for (const auto& extra : extras) joined += (joined.empty() ? "" : ws + "," + ws) + extra;
    parts.insert(parts.end(), {"[", joined, "]"});
  }
  const std::string specifier = row.text("specifier");
  if (!specifier.empty()) parts.push_back(replaced(specifier, "{ws}", ws));
  if (!row.is_null("url")) parts.insert(parts.end(), {"@", row.text("url")});
  if (!row.is_null("marker")) {
    parts.emplace_back(row.is_null("url") ? ";" : " ;");
    parts.push_back(replaced(row.text("marker"), "{ws}", ws));
  }
  std::string text = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) text += ws + parts[i];

  const auto made = Requirement::parse(text);
  ASSERT_TRUE(made) << text;
  EXPECT_EQ(made->spelled, row.text("name"));
  std::vector<pep::Name> names;
  for (const auto& extra : extras) names.push_back(pep::Name::of(extra));
  std::sort(names.begin(), names.end());
  EXPECT_EQ(made->extras, names);
  EXPECT_EQ(made->url, row.text_or("url", ""));
  const std::string plain = replaced(replaced(replaced(specifier, "{ws}", ""), "(", ""), ")", "");
  EXPECT_EQ(made->specifiers, pep::SpecifierSet::parse(plain).value());
  ASSERT_EQ(made->marker.has_value(), !row.is_null("marker"));
  if (made->marker) {
    EXPECT_EQ(*made->marker, pep::Marker::parse(replaced(row.text("marker"), "{ws}", "")).value());
  }
}
VECTORS(Requirement, normalized, kRequirements, "test_normalized_requirements") {
  EXPECT_EQ(requirement(row.text("input_req")).str(), requirement(row.text("norm_req")).str());
}
VECTORS(Requirement, valid_marker, kRequirements, "TestRequirementParsing.test_valid_marker") {
  EXPECT_TRUE(parses("name; " + row.text("marker")));
}
VECTORS(Requirement, file_url, kRequirements, "TestRequirementParsing.test_file_url") {
  EXPECT_EQ(requirement("name @ " + row.text("url")).url, row.text("url"));
}
VECTORS(Requirement, line_break, kRequirements,
        "TestRequirementParsing.test_error_when_suffixed_with_line_break") {
  EXPECT_FALSE(parses(row.text("requirement") + row.text("line_break")));
}
VECTORS(Requirement, trailing_blanks, kRequirements,
        "TestRequirementParsing.test_trailing_horizontal_whitespace") {
  EXPECT_EQ(requirement("name>=1" + row.text("whitespace")).str(), "name>=1");
}
VECTORS(Requirement, prefix_with_post, kRequirements,
        "TestRequirementParsing.test_error_when_prefix_match_uses_post_release") {
  EXPECT_FALSE(parses("name " + row.text("operator") + " 1.2.3.post4.*"));
}
VECTORS(Requirement, misused_local, kRequirements,
        "TestRequirementParsing.test_error_when_local_version_label_is_used_incorrectly") {
  EXPECT_FALSE(parses("name " + row.text("operator") + " 1.0+local.version.label"));
}
VECTORS(Requirement, malformed_string, kRequirements,
        "TestRequirementParsing.test_error_invalid_marker_malformed_quoted_string") {
  const auto made = Requirement::parse(row.text("to_parse"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().place->column, 18);
}
VECTORS(Requirement, str, kRequirements, "TestRequirementBehaviour.test_str_and_repr") {
  std::string text =
      "name" + row.text("extras") + row.text("url_or_specifier") + row.text("marker");
  while (text.back() == ' ') text.pop_back();
  EXPECT_EQ(requirement(text).str(), text);
}
VECTORS(Requirement, equal, kRequirements,
        "TestRequirementBehaviour.test_equal_reqs_equal_hashes") {
  EXPECT_TRUE(same(row.text("dep1"), row.text("dep2")));
}
VECTORS(Requirement, equivalent, kRequirements,
        "TestRequirementBehaviour.test_equivalent_reqs_equal_hashes_unequal_strings") {
  EXPECT_TRUE(same(row.text("dep1"), row.text("dep2")));
}
VECTORS(Requirement, different, kRequirements,
        "TestRequirementBehaviour.test_different_reqs_different_hashes") {
  EXPECT_FALSE(same(row.text("dep1"), row.text("dep2")));
}
VECTORS(Requirement, round_trip, kRequirements, "test_pickle_requirement_roundtrip") {
  const std::string text = requirement(row.text("req_str")).str();
  EXPECT_EQ(requirement(text).str(), text);
  EXPECT_TRUE(same(text, row.text("req_str")));
}
VECTORS(Requirement, invalid, kRequirements,
        "test_pickle_requirement_setstate_rejects_invalid_string") {
  EXPECT_FALSE(parses(row.text("invalid_requirement")));
}

VECTORS(Name, normal_form, kUtils, "test_canonicalize_name") {
  EXPECT_EQ(pep::Name::of(row.text("name")).str(), row.text("expected"));
}
VECTORS(Name, invalid, kUtils, "test_canonicalize_name_invalid") {
  EXPECT_EQ(pep::Name::of(row.text("name")).str(), row.text("expected"));
  EXPECT_FALSE(pep::Name::parse(row.text("name")));
}
VECTORS(Name, is_normalized, kUtils, "test_is_normalized_name") {
  EXPECT_EQ(pep::is_normalized_name(row.text("name")), row.text("name") == row.text("expected"));
}
VECTORS(Version, keeps_zeros, kUtils, "test_canonicalize_version_no_strip_trailing_zero") {
  EXPECT_EQ(pep::Version::parse(row.text("version")).value().str(), row.text("version"));
}

VECTORS(Version, equal_form, kUtils, "test_canonicalize_version") {
  const auto version = pep::Version::try_parse(row.text("version"));
  if (version) {
    EXPECT_EQ(*version, pep::Version::parse(row.text("expected")).value());
  } else {
    EXPECT_EQ(row.text("version"), row.text("expected"));
  }
}

VECTORS(Filename, wheel, kUtils, "test_parse_wheel_filename") {
  const std::string filename = row.text("filename");
  const auto wheel = pep::parse_wheel_filename(filename);
  const bool ascii = std::all_of(filename.begin(), filename.end(), [](char c) { return c > 0; });
  EXPECT_EQ(wheel.has_value(), ascii);  // project names are ASCII: no index can be asked for others
  if (!wheel) return;
  EXPECT_EQ(wheel->name.str(), row.text("name"));
  EXPECT_EQ(wheel->version.str(), row.text("version"));
  std::string build;
  for (const std::string& part : row.texts("build")) build += part;
  EXPECT_EQ(wheel->build, build);
  for (const std::string& tag : row.texts("tags")) {
    const std::size_t abi = tag.find('-');
    const std::size_t platform = tag.find('-', abi + 1);
    const pep::TagSet only(
        {{tag.substr(0, abi), tag.substr(abi + 1, platform - abi - 1), tag.substr(platform + 1)}});
    EXPECT_EQ(only.rank(wheel->triple), 0U) << tag;
  }
}
VECTORS(Filename, invalid_wheel, kUtils, "test_parse_wheel_invalid_filename") {
  EXPECT_FALSE(pep::parse_wheel_filename(row.text("filename")));
}
VECTORS(Filename, unsorted_tags, kUtils, "test_parse_wheel_unsorted_tags_valid_by_default") {
  EXPECT_TRUE(pep::parse_wheel_filename(row.text("filename")));
}
VECTORS(Filename, sdist, kUtils, "test_parse_sdist_filename") {
  const auto sdist = pep::parse_sdist_filename(row.text("filename"));
  ASSERT_TRUE(sdist);
  EXPECT_EQ(sdist->name.str(), row.text("name"));
  EXPECT_EQ(sdist->version.str(), row.text("version"));
}
VECTORS(Filename, invalid_sdist, kUtils, "test_parse_sdist_invalid_filename") {
  EXPECT_FALSE(pep::parse_sdist_filename(row.text("filename")));
}

VECTORS(Tag, empty_component, kTags, "TestParseTag.test_empty_component_raises") {
  EXPECT_FALSE(pep::parse_wheel_filename("foo-1.0-" + row.text("tag") + ".whl"));
}
VECTORS(Tag, invalid_interpreter, kTags, "TestParseTag.test_invalid_interpreter_raises") {
  EXPECT_FALSE(pep::parse_wheel_filename("foo-1.0-" + row.text("tag") + ".whl"));
}
VECTORS(Tag, identifier, kTags, "TestParseTag.test_identifier_interpreter_is_valid") {
  EXPECT_TRUE(pep::parse_wheel_filename("foo-1.0-" + row.text("interpreter") + "-none-any.whl"));
}
VECTORS(Tag, component_count, kTags, "TestParseTag.test_invalid_component_count_raises") {
  EXPECT_FALSE(pep::parse_wheel_filename("foo-1.0-" + row.text("tag") + ".whl"));
}
VECTORS(Tag, musllinux, kTags, "TestManylinuxPlatform.test_linux_platforms_musllinux") {
  const std::string machine =
      row.text(row.flag("cross32").value() ? "cross32_arch" : "native_arch");
  const auto version = row.texts("musl_version");
  std::vector<std::string> machines = {machine};
  if (machine == "armv8l") machines.emplace_back("armv7l");
  std::vector<std::string> expected;
  for (const auto& name : machines) {
    for (int minor = std::stoi(version[1]); minor >= 0; --minor) {
      expected.push_back("musllinux_" + version[0] + "_" + std::to_string(minor) + "_" + name);
    }
  }
  // packaging puts the plain tag first; ours is last, after all that say which libc they need.
  for (const auto& name : machines) expected.push_back("linux_" + name);
  EXPECT_EQ(pep::expand_platform("musllinux_" + version[0] + "_" + version[1] + "_" + machine),
            expected);
}
VECTORS(Tag, redundant_abi, kTags, "TestCPythonTags.test_skip_redundant_abis") {
  const auto abis = row.texts("abis");
  const auto tags = pep::cpython_tags(3, 0, abis.empty() ? "" : abis.front(), {"plat"}).tags();
  ASSERT_FALSE(tags.empty());
  EXPECT_EQ(tags.front().str(), "cp30-none-plat");
}

VECTORS(Metadata, required_missing, kMetadata, "TestMetadata.test_required_fields_missing") {
  const std::string field = row.text("field");
  std::string text;
  if (field != "name") text += "Name: packaging\n";
  if (field != "version") text += "Version: 2023.0.0\n";
  // pip reads what has no Metadata-Version, so do we.
  EXPECT_EQ(pep::Metadata::parse(text).has_value(), field == "metadata_version");
}
VECTORS(Metadata, requires_python, kMetadata, "TestMetadata.test_valid_requires_python") {
  const auto metadata =
      pep::Metadata::parse("Name: a\nVersion: 1\nRequires-Python: " + row.text("specifier") + "\n");
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->requires_python, pep::SpecifierSet::parse(row.text("specifier")).value());
}
VECTORS(Metadata, repeated, kMetadata,
        "TestMetadata.test_from_email_deduplicates_unparsed_required_fields") {
  EXPECT_FALSE(pep::Metadata::parse(row.text("data")));
}

VECTORS(Groups, names, "test_dependency_groups.json",
        "test_normalized_name_is_used_for_include_group_lookups") {
  const pep::Groups groups = {{row.text("group_name_declared"), {std::string("spam")}},
                              {"eggs", {pep::IncludeGroup{row.text("group_name_used")}}}};
  const auto made = pep::resolve_group(groups, "eggs");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->size(), 1U);
  EXPECT_EQ(made->front().name.str(), "spam");
}

namespace {

struct LeftOut {
  std::string_view file;
  std::string_view function;  // what its name begins with; empty: the whole file
  std::string_view reason;
};
constexpr LeftOut kLeftOut[] = {
    {"test_direct_url.json", "", "direct_url.json (PEP 610) is read by nothing here"},
    {"test_licenses.json", "", "license expressions (PEP 639) do not bear on resolving"},
    {"test_manylinux.json", "", "asks the running Python and its libc; rpmenv reads the image's"},
    {"test_musllinux.json", "", "asks the running Python and its libc; rpmenv reads the image's"},
    {"test_pylock.json", "", "lock files are read and written in resolver/lock"},
    {"test_pylock_select.json", "", "lock files are read and written in resolver/lock"},
    {"test_version.json.gz", "TestVersion.test_non_string", "Python's types"},
    {"test_version.json.gz", "TestVersion.test_dunder", "Python's operators"},
    {"test_version.json.gz", "TestVersion.test_compare_other", "Python's types"},
    {"test_version.json.gz", "TestVersion.test_base_version_not", "Python's types"},
    {"test_version.json.gz", "test_from_parts", "a Version is made from text or a key only"},
    {"test_specifiers.json.gz", "TestVersion.test_non_string", "Python's types"},
    {"test_specifiers.json.gz", "TestVersion.test_dunder", "Python's operators"},
    {"test_specifiers.json.gz", "TestVersion.test_compare_other", "Python's types"},
    {"test_specifiers.json.gz", "TestVersion.test_base_version_not", "Python's types"},
    {"test_specifiers.json.gz", "test_from_parts", "a Version is made from text or a key only"},
    {"test_specifiers.json.gz", "TestSpecifier.test_specifier_filter_with_key",
     "Python's callables"},
    {"test_specifiers.json.gz", "TestSpecifierSet.test_specifierset_filter_with_key",
     "Python's callables"},
    {"test_specifiers.json.gz", "TestSpecifierSet.test_empty_specifierset_filter_with_key",
     "Python's callables"},
    {"test_specifiers.json.gz", "TestSpecifierInternal", "packaging's internal cache"},
    {"test_specifiers.json.gz", "test_specifier_construction_is_lazy",
     "packaging's internal cache"},
    {"test_specifiers.json.gz", "test_specifierset_construction_is_lazy",
     "packaging's internal cache"},
    {"test_specifiers.json.gz", "TestSpecifierSet.test_set_relations",
     "set relations: the solver decides them over a project's versions"},
    {"test_specifiers.json.gz", "TestSpecifierSetToRange", "packaging's VersionRange"},
    {"test_ranges.json", "TestEquality", "packaging's VersionRange"},
    {"test_ranges.json", "TestToSpecifierSet", "packaging's VersionRange"},
    {"test_markers.json", "TestNode.test_accepts_value", "packaging's internal classes"},
    {"test_markers.json", "TestNode.test_str", "packaging's internal classes"},
    {"test_markers.json", "TestNode.test_repr", "packaging's internal classes"},
    {"test_markers.json", "TestMarker.test_extras_and_dependency_groups_disallowed",
     "one evaluation serves all contexts; a set that was not given is empty"},
    {"test_requirements.json", "test_pickle_requirement_preserves_prereleases",
     "a Requirement holds no pre-release policy"},
    {"test_utils.json", "test_parse_wheel_unsorted_tags_invalid_with_validate",
     "no index refuses wheels for the order of their tags"},
    {"test_tags.json", "TestInterpreterVersion", "asks the running Python"},
    {"test_tags.json", "TestMacOSPlatforms", "images are Linux"},
    {"test_tags.json", "TestManylinuxPlatform",
     "asks the running Python; rpmenv reads the image's"},
    {"test_tags.json", "test_platform_tags", "asks the running Python"},
    {"test_tags.json", "TestCPythonABI", "asks the running Python; rpmenv reads the image's"},
    {"test_tags.json", "TestGenericTags", "interpreters other than CPython are not resolved for"},
    {"test_tags.json", "TestSysTags", "asks the running Python; rpmenv reads the image's"},
    {"test_tags.json", "TestBitness", "asks the running Python"},
    {"test_tags.json", "test_pickle_tag_roundtrip", "Python's pickle"},
    {"test_tags.json", "test_create_compatible_tags_selector", "TagSet::rank answers for one file"},
    {"test_metadata.json", "TestRawMetadata", "only the fields that a resolver needs are read"},
    {"test_metadata.json", "TestMetadataWriting", "metadata is not written"},
    {"test_metadata.json", "TestMetadata.",
     "only the fields that a resolver needs are read, and as leniently as pip does"},
    {"test_dependency_groups.json", "test_unknown_object_shape",
     "the reader of pyproject.toml sees to an item's shape"},
    {"test_dependency_groups.json", "test_malformed_group_entries",
     "the reader of pyproject.toml sees to an item's shape"},
};

}  // namespace

TEST(Vectors, EveryRowRunsOrIsLeftOutWithItsReason) {
  if (!vectors::present()) GTEST_SKIP() << SESHAT_SOURCE_DIR "/../shared/data/vectors is not there";
  std::size_t run = 0;
  std::size_t left_out = 0;
  for (const std::string& file : vectors::files()) {
    for (const std::string& function : vectors::functions(file)) {
      const std::size_t count = vectors::rows(file, function).size();
      if (vectors::is_covered(file, function)) {
        run += count;
        continue;
      }
      const auto* reason =
          std::find_if(std::begin(kLeftOut), std::end(kLeftOut), [&](const LeftOut& entry) {
            return entry.file == file && function.starts_with(entry.function);
          });
      if (reason == std::end(kLeftOut)) {
        ADD_FAILURE() << file << " " << function << ": neither run nor left out";
        continue;
      }
      left_out += count;
      std::printf("left out %5zu  %-28s %-70s %.*s\n", count, file.c_str(), function.c_str(),
                  static_cast<int>(reason->reason.size()), reason->reason.data());
    }
  }
  std::printf("%zu rows run, %zu left out\n", run, left_out);
}

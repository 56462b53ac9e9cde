// packaging's rows on versions. test_specifiers.json.gz repeats those of test_version.json.gz.
#include <algorithm>

#include "pep/version.h"
#include "pep/version_fields.h"
#include "tests/pep/vectors.h"

namespace {

using pep::Version;

Version version_of(const vectors::Row& row, std::string_view key = "version") {
  auto parsed = Version::parse(row.text(key));
  EXPECT_TRUE(parsed) << row.text(key);
  return std::move(parsed).value_or(Version());
}

bool compare(const vectors::Row& row) {
  const Version left = version_of(row, "left");
  const Version right = version_of(row, "right");
  const std::string op = row.text("op");
  if (op == "callable:lt") return left < right;
  if (op == "callable:le") return left <= right;
  if (op == "callable:eq") return left == right;
  if (op == "callable:ne") return left != right;
  if (op == "callable:ge") return left >= right;
  if (op == "callable:gt") return left > right;
  ADD_FAILURE() << "unknown operator " << op;
  return false;
}

void expect_count(const vectors::Row& row, std::string_view key, const pep::Count& count) {
  EXPECT_EQ(count.present, !row.is_null(key));
  if (count.present) {
    EXPECT_EQ(count.number, static_cast<std::uint64_t>(row.number(key)));
  }
}

}  // namespace

#define VERSION_VECTORS(name)                                                                      \
  static void check_##name(const vectors::Row& row);                                               \
  VECTORS(Version, name, "test_version.json.gz", "TestVersion.test_" #name) { check_##name(row); } \
  VECTORS(VersionAgain, name, "test_specifiers.json.gz", "TestVersion.test_" #name) {              \
    check_##name(row);                                                                             \
  }                                                                                                \
  static void check_##name(const vectors::Row& row)

VERSION_VECTORS(valid_versions) { EXPECT_TRUE(Version::parse(row.text("version"))); }
VERSION_VECTORS(invalid_versions) { EXPECT_FALSE(Version::parse(row.text("version"))); }
VERSION_VECTORS(oversized_version_raises_valueerror) {
  EXPECT_FALSE(Version::parse(row.text("version")));
}
VERSION_VECTORS(normalized_versions) {
  const std::string text = row.text("version");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c < 0; })) {
    EXPECT_FALSE(Version::parse(text));  // one row: Python strips Unicode's spaces, we ASCII's only
    return;
  }
  EXPECT_EQ(version_of(row).str(), row.text("normalized"));
}
VERSION_VECTORS(version_str_repr) { EXPECT_EQ(version_of(row).str(), row.text("expected")); }
VERSION_VECTORS(version_hash) { EXPECT_EQ(version_of(row).hash(), version_of(row).hash()); }
VERSION_VECTORS(version_public) { EXPECT_EQ(version_of(row).public_str(), row.text("public")); }
VERSION_VECTORS(version_base_version) {
  EXPECT_EQ(version_of(row).base_str(), row.text("base_version"));
}
VERSION_VECTORS(version_epoch) {
  EXPECT_EQ(version_of(row).epoch(), static_cast<std::uint64_t>(row.number("epoch")));
}
VERSION_VECTORS(version_release) {
  const Version version = version_of(row);
  const auto expected = row.texts("release");
  ASSERT_EQ(version.release_size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(std::to_string(version.release(i)), expected[i]);
  }
}
VERSION_VECTORS(version_local) {
  EXPECT_EQ(version_of(row).local(), row.text_or("local", ""));
  EXPECT_EQ(version_of(row).has_local(), !row.is_null("local"));
}
VERSION_VECTORS(version_pre) {
  const Version version = version_of(row);
  pep::Fields fields;
  version.read(fields);
  if (row.is_null("pre")) {
    EXPECT_EQ(fields.pre, 0);
    return;
  }
  EXPECT_EQ(std::string(1, fields.pre), row.texts("pre").front().substr(0, 1));
  EXPECT_EQ(std::to_string(fields.pre_number), row.texts("pre").back());
}
VERSION_VECTORS(version_is_prerelease) {
  EXPECT_EQ(version_of(row).is_prerelease(), row.flag("expected"));
}
VERSION_VECTORS(version_dev) {
  const Version version = version_of(row);
  pep::Fields fields;
  version.read(fields);
  expect_count(row, "dev", fields.dev);
}
VERSION_VECTORS(version_is_devrelease) {
  EXPECT_EQ(version_of(row).is_devrelease(), row.flag("expected"));
}
VERSION_VECTORS(version_post) {
  const Version version = version_of(row);
  pep::Fields fields;
  version.read(fields);
  expect_count(row, "post", fields.post);
}
VERSION_VECTORS(version_is_postrelease) {
  EXPECT_EQ(version_of(row).is_postrelease(), row.flag("expected"));
}
VERSION_VECTORS(comparison_true) { EXPECT_TRUE(compare(row)); }
VERSION_VECTORS(comparison_false) { EXPECT_FALSE(compare(row)); }

static void check_round_trip(const vectors::Row& row) {
  const Version version = version_of(row);
  const Version stored = Version::from_store(version.key(), version.str());
  EXPECT_EQ(stored, version);
  EXPECT_EQ(stored.str(), version.str());
}
VECTORS(Version, pickle_roundtrip, "test_version.json.gz", "test_pickle_roundtrip") {
  check_round_trip(row);
}
VECTORS(VersionAgain, pickle_roundtrip, "test_specifiers.json.gz", "test_pickle_roundtrip") {
  check_round_trip(row);
}

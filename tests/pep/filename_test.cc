// File names of wheels and sdists.
#include <gtest/gtest.h>

#include "pep/tag.h"

TEST(WheelFilename, IsTakenApart) {
  const auto wheel = pep::parse_wheel_filename("Foo_Bar-1.0+cu_118-2b-py2.py3-none-any.whl");
  ASSERT_TRUE(wheel);
  EXPECT_EQ(wheel->name.str(), "foo-bar");
  EXPECT_EQ(wheel->version.str(), "1.0+cu.118");
  EXPECT_EQ(wheel->build, "2b");
  EXPECT_EQ(wheel->triple, "py2.py3-none-any");
}

TEST(WheelFilename, RefusesOthers) {
  for (const char* name :
       {"", ".whl", "a-1-py3-none-any.zip", "a-1-py3-none.whl", "a-x-py3-none-any.whl",
        "a-1-b-py3-none-any.whl", "a-1-1-2-py3-none-any.whl", "a__b-1-py3-none-any.whl",
        "-1-py3-none-any.whl", "a-1-py3--any.whl", "a-1-py3.-none-any.whl", "a-1-3-none-any.whl",
        "a-1--py3-none-any.whl", "a/b-1-py3-none-any.whl"}) {
    EXPECT_FALSE(pep::parse_wheel_filename(name)) << name;
    EXPECT_FALSE(pep::view_wheel_filename(name)) << name;
  }
  const auto wheel = pep::parse_wheel_filename("a.whl");
  EXPECT_NE(wheel.error().what.find("'a.whl'"), std::string::npos);
}

TEST(SdistFilename, SplitsAtTheLastDash) {
  const auto sdist = pep::parse_sdist_filename("python-dateutil-2.9.0.post0.tar.gz");
  ASSERT_TRUE(sdist);
  EXPECT_EQ(sdist->name.str(), "python-dateutil");
  EXPECT_EQ(sdist->version.str(), "2.9.0.post0");
  for (const char* name : {"a-1.tar.xz", "a1.tar.gz", "-1.zip", "a-x.zip", ".tar.gz", "a-.zip"}) {
    EXPECT_FALSE(pep::parse_sdist_filename(name)) << name;
  }
}

TEST(SdistFilename, OfAKnownProjectMayHaveADashInItsVersion) {
  const auto version = [](std::string_view filename, std::string_view project) {
    const auto found = pep::sdist_version(filename, pep::Name::of(project));
    return found ? found->str() : "none";
  };
  EXPECT_EQ(version("foo-1.0-beta.tar.gz", "foo"), "1.0b0");
  EXPECT_EQ(version("foo_bar-1.0-2.zip", "foo-bar"), "1.0.post2");
  EXPECT_EQ(version("foo-bar-1.0.zip", "foo"), "none");
  EXPECT_EQ(version("foo-bar-1.0.zip", "Foo.Bar"), "1.0");
  EXPECT_EQ(version("foo.zip", "foo"), "none");
  EXPECT_EQ(version("foo-1.0.exe", "foo"), "none");
}

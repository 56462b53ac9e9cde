// Markers: evaluation, printing, errors.
#include "pep/marker.h"

#include <gtest/gtest.h>

using pep::Environment;
using pep::Marker;
using pep::Name;

namespace {

Environment linux_312() {
  Environment environment;
  environment.python_version = "3.12";
  environment.python_full_version = environment.implementation_version = "3.12.4";
  environment.platform_machine = "x86_64";
  environment.platform_release = "6.1.0-18-amd64";
  return environment;
}

bool holds(std::string_view text, const std::vector<Name>& extras = {}) {
  const auto marker = Marker::parse(text);
  EXPECT_TRUE(marker) << text;
  return marker && marker->holds(linux_312(), extras);
}

}  // namespace

TEST(Marker, TheExtraWithoutWhichItCannotHold) {
  const std::pair<const char*, const char*> cases[] = {
      {"extra == 'A.b'", "a-b"},
      {"'x' == extra", "x"},
      {"python_version >= '3' and extra == 'x'", "x"},
      {"(os_name == 'a' or os_name == 'b') and (extra == 'x')", "x"},
      {"extra == 'x' or os_name == 'posix'", ""},
      {"extra != 'x'", ""},
      {"extra in 'x y'", ""},
      {"extra == ''", ""},
      {"os_name == 'posix'", ""},
  };
  for (const auto& [text, expected] : cases) {
    const auto marker = Marker::parse(text);
    ASSERT_TRUE(marker) << text;
    const Marker copy = *marker;
    EXPECT_EQ(copy.required_extra() == nullptr ? "" : *copy.required_extra(), expected) << text;
  }
}

TEST(Marker, ComparesVersionsAsVersionsAndTextsAsTexts) {
  for (const char* text : {"python_version >= '3.8'",
                           "python_version > '3.9'",
                           "'3.8' <= python_version",
                           "python_full_version < '3.12.10'",
                           "python_version ~= '3.1'",
                           "python_version == '3.*'",
                           "python_version != '3.1.*'",
                           "python_full_version === '3.12.4'",
                           "sys_platform == 'linux'",
                           "os_name != 'nt'",
                           "'lin' in sys_platform",
                           "sys_platform in 'linux darwin'",
                           "'win' not in sys_platform",
                           "python_version in '3.11, 3.12'",
                           "platform_system >= 'Linux'",
                           "platform_machine == 'x86_64' and implementation_name == 'cpython'",
                           "python_version not in '2.7'",
                           "os.name == 'posix'",
                           "platform.python_implementation == 'CPython'",
                           "python_implementation == 'CPython'"}) {
    EXPECT_TRUE(holds(text)) << text;
  }
  for (const char* text :
       {"python_version < '3.9'", "python_version == '3.1'", "sys_platform < 'win32'",
        "platform_system > 'A'", "sys_platform == 'win32'", "python_version >= '4'",
        "platform_release != '5'", "os_name ~= '1'", "os_name === 'posix'", "'a' == 'a'",
        "python_version < 'abc'"}) {
    EXPECT_FALSE(holds(text)) << text;
  }
}

TEST(Marker, AndBindsTighterThanOr) {
  EXPECT_TRUE(holds("os_name == 'posix' or os_name == 'x' and os_name == 'y'"));
  EXPECT_FALSE(holds("(os_name == 'posix' or os_name == 'x') and os_name == 'y'"));
  EXPECT_TRUE(holds("os_name == 'x' and os_name == 'y' or os_name == 'posix'"));
  EXPECT_FALSE(holds("os_name == 'x' or os_name == 'y'"));
}

TEST(Marker, ExtrasAreNamesAndOneSuffices) {
  const std::vector<Name> extras = {Name::of("socks"), Name::of("Use_Chardet")};
  EXPECT_TRUE(holds("extra == 'use.chardet'", extras));
  EXPECT_TRUE(holds("'SOCKS' == extra", extras));
  EXPECT_FALSE(holds("extra == 'other'", extras));
  EXPECT_FALSE(holds("extra == 'socks'"));
  EXPECT_TRUE(holds("extra == ''"));
  EXPECT_TRUE(holds("extra != 'socks'"));
  EXPECT_TRUE(holds("extra == 'socks' and python_version >= '3'", extras));
}

TEST(Marker, KnowsWhetherItNamesAnExtra) {
  EXPECT_TRUE(Marker::parse("os_name == 'a' and (os_name == 'b' or extra == 'c')")->names_extra());
  EXPECT_FALSE(Marker::parse("os_name == 'extra'")->names_extra());
}

TEST(Marker, LockFilesAskForSets) {
  const auto marker = Marker::parse("'Dev_Tools' in dependency_groups or 'x' in extras");
  ASSERT_TRUE(marker);
  const std::vector<Name> dev = {Name::of("dev-tools")};
  EXPECT_TRUE(marker->holds(linux_312(), {}, dev));
  EXPECT_FALSE(marker->holds(linux_312(), dev, {}));
  EXPECT_TRUE(Marker::parse("'x' not in extras")->holds(linux_312()));
}

TEST(Marker, ACheckoutsPythonIsAVersion) {
  Environment environment = linux_312();
  environment.python_full_version = "3.14.0+";
  EXPECT_TRUE(Marker::parse("python_full_version >= '3.14'")->holds(environment));
}

TEST(Marker, PrintsCanonically) {
  const std::pair<const char*, const char*> cases[] = {
      {"os.name=='a'and(os_name=='b')", "os_name == \"a\" and os_name == \"b\""},
      {"((os_name == 'a' or os_name=='b'))and os_name=='c'",
       "(os_name == \"a\" or os_name == \"b\") and os_name == \"c\""},
      {"extra == 'A_b'", "extra == \"a-b\""},
      {"'x' not  in sys_platform", "\"x\" not in sys_platform"},
      {"os_name == 'say \"hi\"'", "os_name == 'say \"hi\"'"},
      {"os_name == 'a\\x41\\u00e9\\n'", "os_name == \"aA\xc3\xa9\n\""}};
  for (const auto& [written, printed] : cases) {
    const auto marker = Marker::parse(written);
    ASSERT_TRUE(marker) << written;
    EXPECT_EQ(marker->str(), printed);
  }
}

TEST(Marker, ErrorsHaveTheirColumn) {
  const std::pair<const char*, int> cases[] = {{"", 1},
                                               {"python_versio >= '3'", 1},
                                               {"os_name", 8},
                                               {"os_name = 'a'", 9},
                                               {"os_name == a", 12},
                                               {"os_name == 'a", 12},
                                               {"os_name == 'a' xor", 16},
                                               {"(os_name == 'a'", 1},
                                               {"os_name == 'a' and", 19},
                                               {"os_name == '\\x'", 12},
                                               {"os_name == 'a'\n", 15},
                                               {"os_name not 'a'", 13},
                                               {"os_name == 'a' or (os_name == 'b' and", 38},
                                               {"os_namex == 'a'", 1}};
  for (const auto& [text, column] : cases) {
    const auto marker = Marker::parse(text);
    ASSERT_FALSE(marker) << text;
    EXPECT_EQ(marker.error().fault, pep::Fault::kMalformed);
    EXPECT_EQ(marker.error().place->column, column) << text;
    EXPECT_EQ(marker.error().excerpt, text);
  }
}

TEST(Marker, DeepNestingIsRefused) {
  EXPECT_TRUE(Marker::parse(std::string(50, '(') + "os_name == 'a'" + std::string(50, ')')));
  EXPECT_FALSE(
      Marker::parse(std::string(100'000, '(') + "os_name == 'a'" + std::string(100'000, ')')));
}

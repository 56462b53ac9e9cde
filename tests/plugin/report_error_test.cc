// Errors as a person reads them.
#include <gtest/gtest.h>

#include "plugin/report/error.h"

namespace plugin {
namespace {

pep::Error placed(std::string excerpt, int column) {
  pep::Error error = pep::error(pep::Fault::kMalformed, "expected a version after \">=\"");
  error.place = pep::Place{"requirements.in", 3, column};
  error.excerpt = std::move(excerpt);
  return error;
}

TEST(Describe, ShowsPlaceLineCaretAndTrail) {
  EXPECT_EQ(describe(placed("flask>=", 8).in("reading the requirements"), false),
            "error: requirements.in:3:8: expected a version after \">=\"\n"
            "    3 | flask>=\n"
            "      |        ^\n"
            "  while reading the requirements\n");
}

TEST(Describe, AnErrorWithoutPlaceIsOneLine) {
  EXPECT_EQ(describe(pep::error(pep::Fault::kUsage, "no such option"), false),
            "error: no such option\n");
}

TEST(Describe, ColoursOnlyRepeatTheWords) {
  const std::string text = describe(placed("flask>=", 8), true);
  EXPECT_NE(text.find("\x1b[1;31merror:\x1b[0m"), std::string::npos);
}

TEST(Describe, TheCaretStandsUnderTheCharacter) {
  EXPECT_NE(
      describe(placed("\xC3\xA9\xC3\xA9>=", 5), false).find("| \xC3\xA9\xC3\xA9>=\n      |   ^\n"),
      std::string::npos);
  EXPECT_NE(describe(placed("\xE6\x97\xA5>=", 4), false).find("      |   ^\n"), std::string::npos)
      << "a wide character";
  EXPECT_NE(describe(placed("\t>=", 2), false).find("|  >=\n      |  ^\n"), std::string::npos);
  EXPECT_NE(describe(placed("ab", 99), false).find("      |   ^\n"), std::string::npos)
      << "beyond the line";
}

TEST(Describe, ALongLineIsCutAroundTheCaret) {
  const std::string text =
      describe(placed(std::string(5000, 'x') + ">=" + std::string(5000, 'y'), 5001), false);
  EXPECT_LT(text.size(), 500U);
  EXPECT_NE(text.find(">="), std::string::npos);
}

TEST(Describe, NothingActsOnTheTerminal) {
  pep::Error error = placed("a\x1b[2J\xFF", 1);
  error.what = "evil \x1b]0;title\x07 \xC2\x9B";
  const std::string text = describe(error, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
}

TEST(Describe, HidesCredentials) {
  const std::string line = "--index-url https://user:s3cret@pypi.example/ flask";
  for (int column = 1; column <= static_cast<int>(line.size()); ++column) {
    pep::Error error = placed(line, column);
    error.what = "can't read https://user:s3cret@pypi.example/";
    EXPECT_EQ(describe(error, false).find("s3cret"), std::string::npos) << column;
  }
  EXPECT_EQ(redact_url("https://user:s3cret@pypi.example/"), "https://****@pypi.example/");
}

}  // namespace
}  // namespace plugin

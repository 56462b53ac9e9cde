// The rules that come with the program: valid, without warnings, and each says what it says of the
// right situations. What they do to a resolve is in tests/resolver/pipeline/shipped_test.cc.
#include <gmock/gmock.h>

#include <set>

#include "prescriptions/lint.h"
#include "prescriptions/match.h"
#include "prescriptions/shipped.h"
#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

Reading shipped() {
  Reading reading = read_documents(shipped_documents());
  lint(reading);
  return reading;
}

const Notices* notices_of(const Unit& unit) {
  return std::visit(
      [](const auto& body) -> const Notices* {
        if constexpr (requires { body.notices; }) {
          return &body.notices;
        } else {
          return nullptr;
        }
      },
      unit.body);
}

TEST(ShippedRules, HaveNeitherErrorsNorWarnings) {
  const Reading reading = shipped();
  EXPECT_EQ(brief(reading.errors), std::vector<std::string>());
  EXPECT_EQ(brief(reading.warnings), std::vector<std::string>());
  EXPECT_EQ(reading.documents, shipped_rules().size());
  EXPECT_GE(reading.book.units.size(), 3U);
}

TEST(ShippedRules, EachGivesALinkToItsReason) {
  for (const Unit& unit : shipped().book.units) {
    const Notices* notices = notices_of(unit);
    ASSERT_NE(notices, nullptr) << unit.qualified;
    // A preference alone has nothing to say.
    if (const auto* step = std::get_if<Step>(&unit.body); step != nullptr && step->score > 0)
      continue;
    ASSERT_FALSE(notices->stack_info.empty() && notices->justification.empty()) << unit.qualified;
    for (const auto* entries : {&notices->stack_info, &notices->justification}) {
      for (const Entry& entry : *entries)
        EXPECT_TRUE(entry.link.starts_with("https://")) << unit.qualified << " " << entry.link;
    }
  }
}

TEST(ShippedRules, AreSortedByName) {
  std::vector<std::string_view> names;
  for (const ShippedFile& file : shipped_rules()) names.push_back(file.name);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_TRUE(
      std::ranges::all_of(names, [](std::string_view name) { return name.ends_with(".yaml"); }));
}

}  // namespace
}  // namespace prescriptions

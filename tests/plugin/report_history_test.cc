// Histories of searches: written, read back, drawn.
#include <gtest/gtest.h>

#include "plugin/report/history.h"

namespace plugin {
namespace {

History example() {
  History history{.predictor = "td", .seed = 7, .limit = 100, .upper = 3.5, .points = {}};
  for (std::uint64_t episode = 1; episode <= 100; ++episode) {
    HistoryPoint point{.episode = episode,
                       .score = {},
                       .best = episode < 50 ? 1.0 : 3.5,
                       .temperature = 1.0 / static_cast<double>(episode),
                       .explored = 0.5};
    if (episode % 3 != 0) point.score = 0.25;
    history.points.push_back(point);
  }
  return history;
}

TEST(History, ReadsBackWhatItWrote) {
  const History history = example();
  const auto read = read_history(history_text(history), "h.tsv");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->predictor, "td");
  EXPECT_EQ(read->seed, 7U);
  EXPECT_EQ(read->upper, 3.5);
  ASSERT_EQ(read->points.size(), 100U);
  EXPECT_FALSE(read->points[2].score);
  EXPECT_EQ(read->points[3].score, 0.25);
  EXPECT_EQ(read->points[99].best, 3.5);
  EXPECT_EQ(history_text(*read), history_text(history));
}

TEST(History, WhatIsNoneIsAnErrorWithItsLine) {
  const std::string good = history_text(example());
  const std::string bad[] = {"",
                             "\n",
                             "{}",
                             good + "1\t2\n",
                             good + "x\t1\t1\t1\t1\n",
                             good + "1\t1\tnan\t1\t1\n",
                             good + "1\t1\t1\t1\t1\t1\n",
                             "# seshat.history/2\n"};
  for (const std::string& text : bad) {
    const auto read = read_history(text, "h.tsv");
    ASSERT_FALSE(read) << text.substr(0, 40);
    EXPECT_NE(read.error().what.find("h.tsv"), std::string::npos);
  }
}

TEST(History, IsDrawnWithItsBoundAndNoMoreThanItHolds) {
  const std::string drawn = history_svg(example());
  EXPECT_EQ(drawn.find("<svg"), 0U);
  EXPECT_NE(drawn.find(">bound<"), std::string::npos);
  EXPECT_NE(drawn.find("share of exploration"), std::string::npos);
  EXPECT_EQ(drawn.find("nan"), std::string::npos);
  History hostile;
  hostile.predictor = "<script>";
  const std::string empty = history_svg(hostile);
  EXPECT_EQ(empty.find("<script>"), std::string::npos);
  EXPECT_EQ(empty.find("<polyline"), std::string::npos);
}

}  // namespace
}  // namespace plugin

// "Did you mean": which names are near enough.
#include <gtest/gtest.h>

#include "plugin/report/near_names.h"

namespace plugin {
namespace {

const std::vector<std::string> kKnown = {"requests",        "requests-oauthlib", "request", "flask",
                                         "python-dateutil", "opencv-python",     "numpy",   "six",
                                         "beautifulsoup4"};

struct Row {
  const char* name;
  std::vector<std::string> near;
};

TEST(NearNames, FindsWhatWasMeant) {
  const Row rows[] = {
      {"reqeusts", {"requests", "request"}},
      {"numyp", {"numpy"}},
      {"falsk", {"flask"}},
      {"dateutil", {"python-dateutil"}},
      {"opencv", {"opencv-python"}},
      {"beautifulsoup", {"beautifulsoup4"}},
      {"sxi", {"six"}},
      {"pandas", {}},
      {"a", {}},
      {"", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(near_names(row.name, kKnown), row.near) << row.name;
}

TEST(NearNames, GivesAtMostWhatIsAskedFor) {
  EXPECT_EQ(near_names("requestz", kKnown, 1), std::vector<std::string>{"requests"});
  EXPECT_TRUE(near_names(std::string(10000, 'a'), kKnown).empty());
}

}  // namespace
}  // namespace plugin

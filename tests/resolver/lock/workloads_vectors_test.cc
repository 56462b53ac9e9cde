// Real requirements files, read from ../shared: each line of them is a requirement that is
// understood.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "resolver/lock/requirements_file.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;

TEST(Workloads, AreRead) {
  const fs::path folder = fs::path(SESHAT_SOURCE_DIR) / "../shared/data/workloads";
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    std::cout << "skipped: " << folder << " is not there\n";
    GTEST_SKIP();
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string suffix = entry.path().extension().string();
    if (suffix != ".in" && suffix != ".txt") continue;
    const auto found = read_requirements(entry.path().string());
    EXPECT_TRUE(found) << entry.path() << ": " << found.error().what << ": "
                       << found.error().excerpt;
    if (found) {
      EXPECT_FALSE(found->requirements.empty() && found->constraints.empty()) << entry.path();
    }
    ++files;
  }
  EXPECT_GT(files, 15U);
}

}  // namespace
}  // namespace resolver::lock

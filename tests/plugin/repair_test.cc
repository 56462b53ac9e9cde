// What a failure suggests: one change, and only one that was tried. The real program against an
// index on loopback.
#include <gtest/gtest.h>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

struct RepairRow {
  const char* what;
  std::vector<std::string> options;
  const char* help;  // empty: nothing helps
};

TEST(Repair, OneChangeThatWasTriedIsSuggested) {
  support::LoopbackServer server;
  server.add({.name = "a", .version = "1.0", .needs = {"b<2"}});
  server.add({.name = "a", .version = "2.0", .needs = {"b>=2"}});
  server.add({.name = "b", .version = "1.0"});
  server.add({.name = "b", .version = "2.0", .upload_time = "2025-01-01T00:00:00Z"});
  server.add({.name = "c", .version = "1.0", .requires_python = ">=3.12"});
  server.add({.name = "d", .version = "1.0rc1"});
  server.add({.name = "e", .version = "1.0", .needs = {"b==7"}});
  server.add({.name = "f", .version = "1.0", .tags = {}, .sdist = true});
  server.add({.name = "g", .version = "2.0", .needs = {"b>=2", "h>=2"}});
  server.add({.name = "h", .version = "2.0"});
  server.add({.name = "y", .version = "1.0", .yanked = true});
  const support::TempDirectory directory;
  directory.write("c.txt", "b<2\n");
  directory.write("two.txt", "b<2\nh<2\n");
  const RepairRow rows[] = {
      {"a constraint",
       {"--with", "a>=2", "-c", "c.txt"},
       "What would help: leaving out the constraint b<2 (c.txt:1); this was tried, and b 2.0 is "
       "found then."},
      {"two constraints",
       {"--with", "g", "-c", "two.txt"},
       "What would help: leaving out the constraints b<2 (two.txt:1) and h<2 (two.txt:2); this was "
       "tried."},
      {"bounds that do not fit each other",
       {"--with", "a>=2", "--with", "b<2"},
       "What would help: asking for a in place of a>=2 (--with); this was tried, and a 1.0 is "
       "found "
       "then."},
      {"a version that is not there",
       {"--with", "b>=9"},
       "What would help: asking for b in place of b>=9 (--with); this was tried, and b 2.0 is "
       "found "
       "then."},
      {"another Python",
       {"--with", "c"},
       "What would help: Python 3.12 in place of 3.11.0; this was tried."},
      {"pre-releases",
       {"--with", "d", "--prerelease", "disallow"},
       "What would help: --prerelease if-necessary; this was tried."},
      {"the cut-off",
       {"--with", "b>=2", "--exclude-newer", "2024-06-01"},
       "What would help: a later --exclude-newer, or none; this was tried."},
      {"wheels only",
       {"--with", "f", "--only-binary", ":all:"},
       "What would help: no --only-binary; this was tried."},
      {"yanked files", {"--with", "y"}, "What would help: --allow-yanked; this was tried."},
      {"nothing", {"--with", "e"}, ""},
      {"no such name", {"--with", "nothing-like-it"}, ""}};
  for (const RepairRow& row : rows) {
    std::vector<std::string> all{
        "advise",      "--python-version", "3.11",       "--platform", "manylinux_2_28_x86_64",
        "--index-url", server.url(),       "--no-cache", "--json"};
    all.insert(all.end(), row.options.begin(), row.options.end());
    const Ran ran = run_program(all, directory.path());
    EXPECT_EQ(ran.exit_code, 4) << row.what << ran.err;
    const std::string help = row.help;
    if (help.empty()) {
      EXPECT_EQ(ran.out.find("What would help"), std::string::npos) << row.what << ran.out;
    } else {
      EXPECT_NE(ran.out.find(help), std::string::npos) << row.what << ran.out;
    }
  }
}

}  // namespace
}  // namespace plugin::test

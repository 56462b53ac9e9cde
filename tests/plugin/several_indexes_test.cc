// `seshat advise` with several places to take packages from, and what is refused of them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

class SeveralIndexes : public testing::Test {
 protected:
  // What the report says of the one product's packages, by name.
  std::map<std::string, nlohmann::json> packages(std::vector<std::string> arguments) {
    std::vector<std::string> all{"advise",     "--python-version",      "3.11",
                                 "--platform", "manylinux_2_28_x86_64", "--no-cache",
                                 "--json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    ran_ = run_program(all, directory_.path());
    std::map<std::string, nlohmann::json> found;
    auto report = nlohmann::json::parse(ran_.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return found;
    for (const auto& package : report["products"][0]["packages"]) found[package["name"]] = package;
    return found;
  }

  std::vector<std::string> both() const {
    return {"--index-url",
            one_.url(),
            "--extra-index-url",
            two_.url(),
            "--index-strategy",
            "unsafe-best-match",
            "--with",
            "a"};
  }

  support::LoopbackServer one_;
  support::LoopbackServer two_;
  support::TempDirectory directory_;
  Ran ran_;
};

TEST_F(SeveralIndexes, TheFirstThatHasTheNameAnswersForIt) {
  one_.add({.name = "a", .version = "1.0"});
  two_.add({.name = "a", .version = "2.0"});
  auto found =
      packages({"--index-url", one_.url(), "--extra-index-url", two_.url(), "--with", "a"});
  EXPECT_EQ(found["a"]["version"], "1.0") << ran_.err;
  EXPECT_EQ(found["a"]["index"], one_.url());
}

TEST_F(SeveralIndexes, WithBestMatchTheNewestOfAllIsTakenAndItsIndexNamed) {
  one_.add({.name = "a", .version = "1.0"});
  two_.add({.name = "a", .version = "2.0"});
  auto found = packages(both());
  EXPECT_EQ(found["a"]["version"], "2.0") << ran_.err;
  EXPECT_EQ(found["a"]["index"], two_.url());
}

TEST_F(SeveralIndexes, APipfileMayNameTheOneThatAPackageIsOf) {
  one_.add({.name = "a", .version = "1.0"});
  one_.add({.name = "b", .version = "1.0"});
  two_.add({.name = "a", .version = "2.0"});
  two_.add({.name = "b", .version = "2.0"});
  two_.add({.name = "c", .version = "2.0"});
  const std::string sources = "[[source]]\nname = \"one\"\nverify_ssl = true\nurl = \"" +
                              one_.url() +
                              "\"\n[[source]]\nname = \"two\"\nverify_ssl = true\nurl = \"" +
                              two_.url() + "\"\n[packages]\n";
  directory_.write("Pipfile", sources + "a = {version = \"*\", index = \"two\"}\nb = \"*\"\n");
  auto found = packages({"Pipfile"});
  EXPECT_EQ(found["a"]["version"], "2.0") << ran_.err;
  EXPECT_EQ(found["a"]["index"], two_.url());
  EXPECT_EQ(found["b"]["version"], "1.0");
  directory_.write("Pipfile", sources + "c = {version = \"*\", index = \"one\"}\n");
  EXPECT_TRUE(packages({"Pipfile"}).empty()) << "another index is no substitute";
  EXPECT_EQ(ran_.exit_code, 4);
}

TEST_F(SeveralIndexes, AFileThatBothHaveIsTakenFromTheFirst) {
  one_.add({.name = "a", .version = "1.0"});
  two_.add({.name = "a", .version = "1.0"});
  auto found = packages(both());
  EXPECT_EQ(found["a"]["index"], one_.url()) << ran_.err;
  EXPECT_EQ(found["a"]["artifacts"].size(), 1U);
}

TEST_F(SeveralIndexes, ASieveOnAnIndexLeavesTheFileOfTheOther) {
  one_.add({.name = "a", .version = "1.0"});
  two_.add({.name = "a", .version = "1.0"});
  directory_.write("rules.yaml",
                   "units:\n  sieves:\n  - name: V\n    type: sieve\n"
                   "    should_include: {adviser_pipeline: true}\n"
                   "    match: {package_version: {index_url: '" +
                       one_.url() + "'}}\n    run: {}\n");
  auto arguments = both();
  for (const char* more : {"--prescriptions", "rules.yaml", "--no-default-prescriptions"})
    arguments.emplace_back(more);
  auto found = packages(arguments);
  EXPECT_EQ(found["a"]["index"], two_.url()) << ran_.err;
  ASSERT_EQ(found["a"]["artifacts"].size(), 1U);
  EXPECT_TRUE(found["a"]["artifacts"][0]["url"].get<std::string>().starts_with(two_.root()));
}

TEST_F(SeveralIndexes, WhatFindLinksHasIsSaidToComeFromThere) {
  one_.add({.name = "a", .version = "1.0"});
  const std::string wheel = support::make_wheel({.name = "a", .version = "2.0"});
  directory_.write("a-2.0-py3-none-any.whl", wheel);
  directory_.write("links.html", "<a href='a-2.0-py3-none-any.whl#sha256=" +
                                     support::sha256_hex(wheel) + "'>a</a>");
  const std::string links = directory_ / "links.html";
  auto found = packages({"--index-url", one_.url(), "--find-links", links, "--with", "a"});
  EXPECT_EQ(found["a"]["version"], "2.0") << ran_.err;
  EXPECT_EQ(found["a"]["index"], links);
}

TEST_F(SeveralIndexes, ATimeThatNoCalendarHasIsAMistake) {
  one_.add({.name = "a"});
  for (const char* time :
       {"2024-02-31", "2023-02-29", "2024-13-01", "2024-1-1", "2024-02-31T00:00:00Z",
        "2024-02-01T25:00:00Z", "2024-02-01T10:00:00.Z", "2024-02-01T10:00:00+99:00",
        "2024-02-01T10:00:00+01:00x", "yesterday", ""}) {
    packages({"--index-url", one_.url(), "--with", "a", std::string("--exclude-newer=") + time});
    EXPECT_EQ(ran_.exit_code, 2) << time;
  }
  for (const char* time : {"2024-02-29", "2024-02-01T10:00:00Z", "2024-02-01t10:00:00.5+01:30"}) {
    packages({"--index-url", one_.url(), "--with", "a", std::string("--exclude-newer=") + time});
    EXPECT_EQ(ran_.exit_code, 0) << time << ran_.err;
  }
}

}  // namespace
}  // namespace plugin::test

// What changed between two images, as sections of names.
#include "rpmenv/facts_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/rpmenv/image.h"

namespace {

using nlohmann::json;
using testing::HasSubstr;
using tests::Image;

rpmenv::Package package(const std::string& name, const std::string& version) {
  return {.kind = "rpm",
          .name = name,
          .epoch = {},
          .version = version,
          .release = "1.el9",
          .arch = "x86_64",
          .vendor = {},
          .source = {},
          .modularity = {},
          .size = 0};
}

rpmenv::Library library(const std::string& soname, std::vector<std::string> defines) {
  rpmenv::Library one;
  one.path = "usr/lib64/" + soname;
  one.soname = soname;
  one.defines = std::move(defines);
  return one;
}

json changes(const rpmenv::Facts& before, const rpmenv::Facts& after) {
  return json::parse(rpmenv::diff_json(rpmenv::diff_facts(before, after)))["changes"];
}

TEST(FactsDiff, AnImageIsLikeItself) {
  const Image image;
  image.add_glibc();
  image.add_python();
  const auto diff = rpmenv::diff_facts(image.inspect(), image.inspect());
  EXPECT_TRUE(diff.same());
  EXPECT_EQ(rpmenv::diff_summary(diff), "No difference.\n");
  EXPECT_EQ(json::parse(rpmenv::diff_json(diff))["changes"], json::object());
}

TEST(FactsDiff, PackagesThatCameWentAndChanged) {
  rpmenv::Facts before, after;
  before.packages = {package("git", "2.31"), package("openssl", "3.0.7"), package("kernel", "5.1")};
  after.packages = {package("openssl", "3.0.9"), package("zlib", "1.2"), package("kernel", "5.1"),
                    package("kernel", "5.2")};
  const json found = changes(before, after)["packages"];
  const json expected = {{{"name", "git.x86_64"},
                          {"change", "removed"},
                          {"before", {"2.31-1.el9"}},
                          {"after", json::array()}},
                         {{"name", "kernel.x86_64"},
                          {"change", "changed"},
                          {"before", json::array()},
                          {"after", {"5.2-1.el9"}}},
                         {{"name", "openssl.x86_64"},
                          {"change", "changed"},
                          {"before", {"3.0.7-1.el9"}},
                          {"after", {"3.0.9-1.el9"}}},
                         {{"name", "zlib.x86_64"},
                          {"change", "added"},
                          {"before", json::array()},
                          {"after", {"1.2-1.el9"}}}};
  EXPECT_EQ(found, expected);
}

TEST(FactsDiff, ALibraryIsItsSonameAndItsVersionNodes) {
  rpmenv::Facts before, after;
  before.libraries = {library("libc.so.6", {"GLIBC_2.17", "GLIBC_2.34"}),
                      library("libssl.so.1.1", {})};
  after.libraries = {library("libc.so.6", {"GLIBC_2.17"}),
                     library("libssl.so.3", {"OPENSSL_3.0.0"})};
  after.libraries[0].path = "lib64/libc.so.6";
  const std::string text = rpmenv::diff_summary(rpmenv::diff_facts(before, after));
  EXPECT_EQ(text,
            "libraries (3)\n"
            "  ~ libc.so.6: lost GLIBC_2.34\n"
            "  - libssl.so.1.1\n"
            "  + libssl.so.3 OPENSSL_3.0.0\n");
}

TEST(FactsDiff, CredentialsAndControlCharactersAreNotPrinted) {
  rpmenv::Facts before, after;
  after.pip.index_url = "https://user:secret@pypi.example/simple";
  after.packages = {package("evil\x1b[2J", "1")};
  const auto diff = rpmenv::diff_facts(before, after);
  for (const std::string& text : {rpmenv::diff_summary(diff), rpmenv::diff_json(diff)}) {
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
  }
}

}  // namespace

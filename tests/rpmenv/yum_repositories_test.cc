// The repositories that an image is configured for, and what says where their mirrors are.
#include "rpmenv/yum_repositories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rpmenv/rpm_md.h"
#include "tests/rpmenv/image.h"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::Image;

std::vector<rpmenv::YumRepository> repositories(const Image& image, rpmenv::OsRelease os,
                                                const std::string& architecture = "x86_64") {
  rpmenv::Facts facts;
  facts.os = std::move(os);
  facts.architecture = architecture;
  return rpmenv::yum_repositories(*image.root(), facts);
}

TEST(YumRepositories, VariablesComeFromTheReleaseTheMachineAndFiles) {
  const Image image;
  image.write("etc/dnf/vars/stream", "9-stream\n");
  image.write("etc/yum.repos.d/a.repo",
              "[base]\nname=Base $releasever\n"
              "baseurl = https://m.example/$stream/${releasever}/$basearch/$arch/$unknown/\n"
              "  https://n.example/\n"
              "[more]\nbaseurl=https://a.example/,https://b.example/\nenabled=1\nsslverify=0\n");
  const auto found = repositories(image, {.id = "rocky", .version_id = "9.4"}, "i686");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, "base");
  EXPECT_THAT(found[0].base_urls, ElementsAre("https://m.example/9-stream/9/i386/i686/$unknown/",
                                              "https://n.example/"));
  EXPECT_TRUE(found[0].verifies_tls);
  EXPECT_THAT(found[1].base_urls, ElementsAre("https://a.example/", "https://b.example/"));
  EXPECT_FALSE(found[1].verifies_tls);
}

TEST(YumRepositories, WhatIsOffOrSaysNoPlaceIsLeftOut) {
  const Image image;
  image.write(
      "etc/yum.repos.d/a.repo",
      "[main]\nbaseurl=https://m.example/\n[off]\nbaseurl=https://m.example/\nenabled=0\n"
      "[none]\nname=x\n# [comment]\n[fedora]\nmetalink=https://m.example/l?repo=f-$releasever\n"
      "[list]\nmirrorlist=https://m.example/list\n");
  image.write("etc/yum.repos.d/a.repo.rpmnew", "[b]\nbaseurl=https://b.example/\n");
  const auto found = repositories(image, {.id = "fedora", .version_id = "40"});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].metalink, "https://m.example/l?repo=f-40");
  EXPECT_EQ(found[1].mirror_list, "https://m.example/list");
}

TEST(YumRepositories, BrokenFilesAreNoMoreThanLessToRead) {
  const Image image;
  for (const char* text :
       {"[", "=", "[a\nbaseurl", " x=1\n[a]\n = ", "[a]\nbaseurl=${", "[a]\nbaseurl=$",
        "[a]\nbaseurl=${releasever", "[a]\nbaseurl=https://m.example/${}"}) {
    image.write("etc/yum.repos.d/a.repo", text);
    EXPECT_LE(repositories(image, {}).size(), 1u) << text;
  }
}

TEST(Metalink, MirrorsBestFirstAndTheDigestsThatTheyMayHave) {
  const auto link = rpmenv::parse_metalink(
      "<metalink><files><file name=\"repomd.xml\"><verification><hash type=\"md5\">00</hash>"
      "<hash type=\"sha256\">" +
      std::string(63, '0') +
      "A</hash></verification><resources>"
      "<url protocol=\"rsync\" preference=\"100\">rsync://m.example/repodata/repomd.xml</url>"
      "<url protocol=\"https\" preference=\"90\">https://b.example/x/repodata/repomd.xml</url>\n"
      "<url protocol=\"https\" preference=\"95\"> "
      "https://a.example/?a=1&amp;b=/repodata/repomd.xml </url>"
      "</resources></file></files></metalink>");
  EXPECT_THAT(link.sha256, ElementsAre(std::string(63, '0') + "a"));
  EXPECT_THAT(link.urls, ElementsAre("https://a.example/?a=1&b=/repodata/repomd.xml",
                                     "https://b.example/x/repodata/repomd.xml"));
  for (const char* text : {"", "<url", "<url>", "<url preference=", "<hash type=\"sha256\">", "<"})
    EXPECT_THAT(rpmenv::parse_metalink(text).urls, IsEmpty()) << text;
}

TEST(MirrorList, TakesLinesThatAreUrls) {
  EXPECT_THAT(rpmenv::parse_mirror_list(
                  "# repo\nhttps://a.example/x/\n\nftp://b.example/\nhttp://c.example"),
              ElementsAre("https://a.example/x/", "http://c.example"));
}

}  // namespace

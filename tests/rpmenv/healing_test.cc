// What to install from rpm-md repositories, which are made here by hand as createrepo_c makes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "rpmenv/capabilities.h"
#include "rpmenv/verify.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"
#include "tests/support/distribution.h"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::Image;
using tests::RpmHeader;

struct Available {
  std::string name;
  std::vector<std::string> provides;
  std::vector<std::string> needs;
  std::string arch = "x86_64";
};

std::string entries(const char* what, const std::vector<std::string>& names) {
  std::string text = std::string("<rpm:") + what + ">";
  for (const std::string& name : names) text += "<rpm:entry name=\"" + name + "\"/>";
  return text + "</rpm:" + what + ">";
}

std::string primary(const std::vector<Available>& packages) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata "
      "xmlns=\"http://linux.duke.edu/metadata/common\" "
      "xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"" +
      std::to_string(packages.size()) + "\">";
  for (const Available& one : packages) {
    text += "<package type=\"rpm\"><name>" + one.name + "</name><arch>" + one.arch +
            "</arch><version epoch=\"0\" ver=\"1\" rel=\"1\"/><checksum type=\"sha256\" "
            "pkgid=\"YES\">" +
            std::string(64, '0') + "</checksum><format>" + entries("provides", one.provides) +
            entries("requires", one.needs) + "</format></package>";
  }
  return text + "</metadata>\n";
}

class Healing : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    tests::write_sqlite(
        image_.path("var/lib/rpm/rpmdb.sqlite"),
        {RpmHeader{.name = "glibc", .version = "2.34", .provides = {{"libc.so.6()(64bit)", "", 0}}}
             .blob()});
  }
  std::string repository(const std::vector<Available>& packages, const std::string& spoilt = {}) {
    const std::string list = support::gzip(primary(packages));
    place_.write("repodata/primary.xml.gz", list + spoilt);
    place_.write("repodata/repomd.xml",
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<repomd "
                 "xmlns=\"http://linux.duke.edu/metadata/repo\">"
                 "<data type=\"primary\"><checksum type=\"sha256\">" +
                     support::sha256_hex(list) +
                     "</checksum><location href=\"repodata/primary.xml.gz\"/></data></repomd>\n");
    return place_.path();
  }
  pep::Result<rpmenv::SolvPool::Installation> heal(const std::string& repository,
                                                   std::vector<std::string> capabilities) {
    const auto root = image_.root();
    const std::vector<std::string> repositories = {repository};
    return rpmenv::installation_of(*root, image_.inspect(), repositories, capabilities);
  }
  Image image_;
  support::TempDirectory place_;
};

TEST_F(Healing, FindsThePackageAndWhatItPullsIn) {
  const auto found =
      heal(repository({{"mesa-libGL", {"libGL.so.1()(64bit)"}, {"libc.so.6()(64bit)", "libglvnd"}},
                       {"libglvnd", {"libglvnd"}, {}},
                       {"other", {"other"}, {}}}),
           {"libGL.so.1()(64bit)"});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->wanted, ElementsAre("mesa-libGL"));
  EXPECT_THAT(found->pulled, ElementsAre("libglvnd"));
  EXPECT_THAT(found->unprovided, IsEmpty());
  EXPECT_EQ(found->problem, "");
}

TEST_F(Healing, WhatNothingProvidesIsSaid) {
  const auto found = heal(repository({{"git", {"git"}, {}}}), {"git", "libnone.so.1()(64bit)"});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->wanted, ElementsAre("git"));
  EXPECT_THAT(found->unprovided, ElementsAre("libnone.so.1()(64bit)"));
}

TEST_F(Healing, AProviderThatCannotBeInstalledIsAProblem) {
  const auto found = heal(repository({{"git", {"git"}, {"perl"}}}), {"git"});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->wanted, IsEmpty());
  EXPECT_THAT(found->problem, HasSubstr("perl"));
}

TEST_F(Healing, TheLineToPasteIsTheImagesInstaller) {
  image_.write("usr/bin/microdnf", "");
  rpmenv::Verification found;
  found.missing.push_back({.distribution = "cv2",
                           .module = "cv2.so",
                           .library = "libGL.so.1",
                           .version = {},
                           .capability = "libGL.so.1()(64bit)",
                           .remedy = {}});
  const std::vector<std::string> repositories = {
      repository({{"mesa-libGL", {"libGL.so.1()(64bit)"}, {}}})};
  ASSERT_TRUE(rpmenv::find_healing(*image_.root(), image_.inspect(), repositories, found));
  ASSERT_TRUE(found.healing);
  EXPECT_EQ(found.healing->line, "microdnf install -y mesa-libGL");
  EXPECT_THAT(rpmenv::verification_json(found),
              HasSubstr("\"line\": \"microdnf install -y mesa-libGL\""));
}

TEST_F(Healing, ADamagedRepositoryIsAnError) {
  auto found = heal(repository({{"git", {"git"}, {}}}, "more"), {"git"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kIntegrity);
  place_.write("repodata/repomd.xml", "<repomd");
  found = heal(place_.path(), {"git"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kMalformed);
  found = heal(place_ / "nowhere", {"git"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().fault, pep::Fault::kIo);
}

TEST_F(Healing, AFifoInTheRepositoryIsNotWaitedFor) {
  const std::string directory = repository({{"git", {"git"}, {}}});
  for (const char* name : {"repodata/primary.xml.gz", "repodata/repomd.xml"}) {
    std::filesystem::remove(place_ / name);
    ASSERT_EQ(mkfifo((place_ / name).c_str(), 0600), 0);
    const auto found = heal(directory, {"git"});
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, HasSubstr("not a regular file"));
  }
}

}  // namespace

// `seshat verify` in an image that is configured for repositories: on a server of this machine, and
// in the image itself.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/plugin/program.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"
#include "tests/support/distribution.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

using tests::ElfFile;
using tests::RpmHeader;

constexpr const char* kPrimary = "/repo/repodata/primary.xml.gz";
constexpr const char* kList = "/repo/repodata/repomd.xml";

class ImageRepositories : public testing::Test {
 protected:
  void SetUp() override {
    image_.add_glibc("2.34");
    image_.add_python("3.9.18");
    image_.write("usr/bin/dnf", "");
    image_.write("usr/lib/python3.9/site-packages/m.so",
                 ElfFile{.needs = {{"libown.so.1", {}}}}.bytes());
    tests::write_sqlite(
        image_.path("var/lib/rpm/rpmdb.sqlite"),
        {RpmHeader{.name = "glibc", .version = "2.34", .provides = {{"libc.so.6()(64bit)", "", 0}}}
             .blob()});
    primary_ = support::gzip(
        "<?xml version=\"1.0\"?>\n<metadata xmlns=\"http://linux.duke.edu/metadata/common\" "
        "xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"1\"><package type=\"rpm\">"
        "<name>own-libs</name><arch>x86_64</arch><version epoch=\"0\" ver=\"1\" rel=\"1\"/>"
        "<checksum type=\"sha256\" pkgid=\"YES\">" +
        std::string(64, '0') +
        "</checksum><format><rpm:provides><rpm:entry name=\"libown.so.1()(64bit)\"/></rpm:provides>"
        "</format></package></metadata>\n");
    list_ =
        "<?xml version=\"1.0\"?>\n<repomd xmlns=\"http://linux.duke.edu/metadata/repo\">"
        "<data type=\"primary\"><checksum type=\"sha256\">" +
        support::sha256_hex(primary_) +
        "</checksum><location href=\"repodata/primary.xml.gz\"/></data></repomd>\n";
    server_.put(kList, list_, "text/xml");
    server_.put(kPrimary, primary_, "application/gzip");
  }
  void configure(const std::string& text) {
    image_.write("etc/yum.repos.d/own.repo", "[own]\n" + text + "\n");
  }
  nlohmann::json verify(std::vector<std::string> more = {}) {
    std::vector<std::string> all{"verify", "--root",      image_.path(),
                                 "--json", "--cache-dir", directory_ / "cache"};
    all.insert(all.end(), more.begin(), more.end());
    ran_ = run_program(all, directory_.path());
    EXPECT_EQ(ran_.exit_code, 11) << ran_.err;
    return nlohmann::json::parse(ran_.out, nullptr, false);
  }
  static std::string line_of(const nlohmann::json& found) {
    return found.contains("healing") ? found["healing"]["line"].get<std::string>() : "";
  }

  tests::Image image_;
  support::LoopbackServer server_;
  support::TempDirectory directory_;
  std::string primary_, list_;
  Ran ran_;
};

TEST_F(ImageRepositories, SayWhatToInstallAndAreKeptInTheStore) {
  configure("baseurl=" + server_.root() + "/repo");
  const std::string before = image_.digest();
  EXPECT_EQ(line_of(verify()), "dnf install -y own-libs") << ran_.err;
  EXPECT_EQ(server_.count(kPrimary), 1u);
  EXPECT_EQ(line_of(verify()), "dnf install -y own-libs");
  EXPECT_EQ(server_.count(kPrimary), 1u) << "its checksum is the same";
  const std::size_t requests = server_.count();
  EXPECT_EQ(line_of(verify({"--offline"})), "dnf install -y own-libs");
  EXPECT_EQ(server_.count(), requests);
  EXPECT_EQ(image_.digest(), before);
  EXPECT_EQ(run_program({"cache", "clear", "--cache-dir", directory_ / "cache"}, directory_.path())
                .exit_code,
            0);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "cache/rpm-md"));
}

TEST_F(ImageRepositories, ThatCannotBeReachedAreANoteAndNoMore) {
  configure("baseurl=" + server_.root() + "/nowhere");
  const auto found = verify();
  EXPECT_EQ(line_of(found), "");
  ASSERT_EQ(found["notes"].size(), 1u) << found;
  EXPECT_NE(found["notes"][0].get<std::string>().find("own: "), std::string::npos) << found;
  EXPECT_NE(ran_.err.find("note: of the image's repositories"), std::string::npos) << ran_.err;
  configure("baseurl=" + server_.root() + "/repo");
  const std::size_t requests = server_.count();
  EXPECT_EQ(verify({"--offline", "--no-cache"})["notes"].size(), 1u);
  EXPECT_EQ(server_.count(), requests);
}

TEST_F(ImageRepositories, AreNotAskedWhereNothingIsMissing) {
  configure("baseurl=" + server_.root() + "/repo");
  std::filesystem::remove(image_.path("usr/lib/python3.9/site-packages/m.so"));
  EXPECT_EQ(run_program({"verify", "--root", image_.path()}, directory_.path()).exit_code, 0);
  EXPECT_EQ(server_.count(), 0u);
}

TEST_F(ImageRepositories, AMirrorOfAMetalinkHasToBeWhatItSays) {
  const auto link = [&](const std::string& digest) {
    server_.put("/link",
                "<metalink><hash type=\"sha256\">" + digest + "</hash><url preference=\"9\">" +
                    server_.root() + kList + "</url></metalink>",
                "text/xml");
  };
  configure("metalink=" + server_.root() + "/link");
  link(std::string(64, '0'));
  const auto refused = verify({"--no-cache"});
  EXPECT_EQ(line_of(refused), "");
  EXPECT_NE(refused["notes"][0].get<std::string>().find("metalink"), std::string::npos) << refused;
  link(support::sha256_hex(list_));
  EXPECT_EQ(line_of(verify()), "dnf install -y own-libs") << ran_.err;
}

TEST_F(ImageRepositories, TheNextMirrorOfAListIsTried) {
  server_.put("/mirrors", server_.root() + "/gone\n" + server_.root() + "/repo\n", "text/plain");
  configure("mirrorlist=" + server_.root() + "/mirrors");
  EXPECT_EQ(line_of(verify()), "dnf install -y own-libs") << ran_.err;
}

TEST_F(ImageRepositories, ADamagedListIsANote) {
  server_.put(kPrimary, primary_ + "x", "application/gzip");
  configure("baseurl=" + server_.root() + "/repo");
  EXPECT_EQ(verify()["notes"].size(), 1u);
}

TEST_F(ImageRepositories, OfAFileUrlAreWithinTheImage) {
  image_.write(kList + 1, list_);
  image_.write(kPrimary + 1, primary_);
  configure("baseurl=file:///repo");
  EXPECT_EQ(line_of(verify({"--offline"})), "dnf install -y own-libs") << ran_.err;
}

}  // namespace
}  // namespace plugin::test

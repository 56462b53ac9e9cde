// The inspection as a whole, and how it is printed.
#include "rpmenv/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rpmenv/inspect_json.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using tests::Image;

TEST(Inspect, AnEmptyRootIsNotFound) {
  const Image image;
  const auto facts = rpmenv::inspect(*image.root());
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().fault, pep::Fault::kNotFound);
}

TEST(Inspect, ChangesNothingAndAnswersAlikeTwice) {
  const Image image;
  image.add_glibc();
  image.add_python();
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"), tests::blobs(10));
  image.write("etc/pip.conf", "[global]\nindex-url = https://pypi.example/\n");
  const auto before = image.digest();
  const auto first = rpmenv::inspect_json(image.inspect());
  EXPECT_EQ(rpmenv::inspect_json(image.inspect()), first);
  EXPECT_EQ(image.digest(), before);
}

TEST(Inspect, TheSamePackagesOfEveryFormatPrintAlike) {
  const auto print = [](const auto& write) {
    const Image image;
    image.add_glibc();
    write(image);
    auto facts = image.inspect();
    facts.databases.clear();
    return rpmenv::inspect_json(facts);
  };
  const auto blobs = tests::blobs(70);
  const auto sqlite = print([&](const Image& image) {
    tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"), blobs);
  });
  EXPECT_EQ(
      print([&](const Image& image) { image.write("var/lib/rpm/Packages.db", tests::ndb(blobs)); }),
      sqlite);
  EXPECT_EQ(
      print([&](const Image& image) { image.write("var/lib/rpm/Packages", tests::bdb(blobs)); }),
      sqlite);
  EXPECT_EQ(print([&](const Image& image) {
              image.write("var/lib/rpm/Packages", tests::bdb(blobs, {.big_endian = true}));
            }),
            sqlite);
}

TEST(InspectJson, HasTheShapeOfTheContract) {
  const Image image;
  image.add_glibc();
  image.add_python();
  tests::write_sqlite(
      image.path("var/lib/rpm/rpmdb.sqlite"),
      {tests::RpmHeader{.name = "glibc", .version = "2.34", .files = {"/lib64/libc.so.6"}}.blob()});
  const auto document = json::parse(rpmenv::inspect_json(image.inspect()));
  EXPECT_EQ(document["schema"], "seshat.inspect/1");
  EXPECT_EQ(document["os"]["id"], "centos");
  EXPECT_EQ(document["libc"], (json{{"family", "glibc"}, {"version", "2.34"}}));
  EXPECT_EQ(document["packages"][0]["epoch"], nullptr);
  EXPECT_EQ(document["packages"][0]["vendor"], nullptr);
  EXPECT_EQ(document["libraries"][0]["owner"], "glibc-2.34-1.el9.x86_64");
  EXPECT_EQ(document["pythons"][0]["default"], true);
  EXPECT_EQ(document["hardware"]["source"], "build-host");
  EXPECT_EQ(document["accelerators"]["cuda"], nullptr);
  for (const char* key :
       {"architecture", "databases", "distributions", "pip_configuration", "warnings"})
    EXPECT_TRUE(document.contains(key)) << key;
}

TEST(InspectJson, HidesCredentials) {
  const Image image;
  image.write("etc/pip.conf",
              "[global]\nindex-url = https://builder:hunter2@pypi.example/simple\nextra-index-url "
              "= https://t0ken@extra.example/\n");
  const auto facts = image.inspect();
  for (const auto& text : {rpmenv::inspect_json(facts), rpmenv::inspect_summary(facts)}) {
    EXPECT_THAT(text, HasSubstr("https://****@pypi.example/simple"));
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(text, Not(HasSubstr("t0ken")));
  }
}

TEST(InspectJson, BytesThatAreNoUtf8BecomeEscapes) {
  EXPECT_EQ(rpmenv::json_text("caf\xe9"), "\"caf\\udce9\"");
  EXPECT_EQ(rpmenv::json_text("café \"\\\n\x1b"), "\"café \\\"\\\\\\n\\u001b\"");
  EXPECT_EQ(rpmenv::json_text("\xed\xa0\x80"), "\"\\udced\\udca0\\udc80\"")
      << "a surrogate is no UTF-8";
  EXPECT_EQ(rpmenv::json_text("\xc0\xaf"), "\"\\udcc0\\udcaf\"") << "nor is an overlong form";
}

TEST(InspectSummary, ControlCharactersDoNotReachTheTerminal) {
  const Image image;
  image.write("etc/os-release", "PRETTY_NAME=\"\x1b[31mred\"\n");
  EXPECT_THAT(rpmenv::inspect_summary(image.inspect()), Not(HasSubstr("\x1b")));
}

TEST(FactsDigest, DependsOnTheImageNotOnItsPlace) {
  const Image first, second;
  for (const auto* image : {&first, &second}) image->add_glibc();
  EXPECT_EQ(rpmenv::facts_digest(first.inspect()), rpmenv::facts_digest(second.inspect()));
  EXPECT_EQ(rpmenv::facts_digest(first.inspect()).size(), 64u);
  second.write("usr/lib64/liba.so.1", tests::ElfFile{.soname = "liba.so.1"}.bytes());
  EXPECT_NE(rpmenv::facts_digest(first.inspect()), rpmenv::facts_digest(second.inspect()));
}

TEST(DamagedDatabase, IsToldFromAMissingOne) {
  const Image image;
  image.directory("var/lib/rpm");
  EXPECT_FALSE(rpmenv::has_damaged_database(image.inspect()));
  image.write("var/lib/rpm/rpmdb.sqlite", "");
  EXPECT_TRUE(rpmenv::has_damaged_database(image.inspect()));
}

TEST(OsRelease, QuotesAreTakenOffAndNothingIsRun) {
  const Image image;
  image.write("etc/os-release",
              "# c\nID='rhel'\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"Red \\\"Hat\\\" `id` $(id)\"\n");
  const auto os = image.inspect().os;
  EXPECT_EQ(os.id, "rhel");
  EXPECT_EQ(os.version_id, "9.4");
  EXPECT_EQ(os.pretty_name, "Red \"Hat\" `id` $(id)");
}

}  // namespace

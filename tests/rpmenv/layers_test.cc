// Image archives as roots: layers, whiteouts, links, damage.
#include "rpmenv/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "rpmenv/inspect.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image_archive.h"
#include "tests/rpmenv/rpm_file.h"
#include "tests/support/temp_directory.h"

namespace {

using pep::Fault;
using testing::Contains;
using testing::HasSubstr;
using tests::Member;

// Names below `directory` with their contents, where they are kept.
void print(const rpmenv::Root& root, const std::string& directory, std::string& out) {
  const auto entries = root.list(directory);
  for (const auto& entry : entries ? *entries : std::vector<rpmenv::Entry>()) {
    const std::string path = directory.empty() ? entry.name : directory + "/" + entry.name;
    if (entry.kind == rpmenv::Kind::kDirectory) {
      print(root, path, out);
      continue;
    }
    const auto file = root.read(path, 1 << 20);
    out += path + "=" + (file ? std::string((*file)->view()) : "?") + " ";
  }
}

std::string tree_of(const std::vector<std::string>& layers) {
  const support::TempDirectory place;
  const auto root = rpmenv::open_root(place.write("image.tar", tests::docker_archive(layers)));
  if (!root) return "error: " + root.error().what;
  std::string out;
  print(**root, "", out);
  return out;
}

struct Case {
  const char* name;
  std::vector<std::vector<Member>> layers;
  const char* tree;
};
class Layers : public testing::TestWithParam<Case> {};
TEST_P(Layers, AddUp) {
  std::vector<std::string> layers;
  for (const auto& members : GetParam().layers) layers.push_back(tests::tar(members));
  EXPECT_EQ(tree_of(layers), GetParam().tree);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Layers,
    testing::Values(
        Case{"later wins",
             {{{"etc/a", "1"}, {"etc/b", "1"}}, {{"./etc/a", "2"}}},
             "etc/a=2 etc/b=1 "},
        Case{"whiteout", {{{"etc/a", "1"}, {"etc/b", "1"}}, {{"etc/.wh.a", ""}}}, "etc/b=1 "},
        Case{"whiteout of a directory",
             {{{"etc/d/a", "1"}, {"etc/b", "1"}}, {{"etc/.wh.d", ""}}},
             "etc/b=1 "},
        Case{"whiteout and the same name again",
             {{{"etc/d/a", "1"}}, {{"etc/d/b", "2"}, {"etc/.wh.d", ""}}},
             "etc/d/b=2 "},
        Case{"opaque directory",
             {{{"etc/a", "1"}}, {{"etc/b", "2"}, {"etc/.wh..wh..opq", ""}, {"etc/c", "2"}}},
             "etc/b=2 etc/c=2 "},
        Case{"hard link to a file that a later layer removes",
             {{{"etc/a", "1"}, {"etc/h", "etc/a", '1'}}, {{"etc/.wh.a", ""}}},
             "etc/h=1 "},
        Case{"through a link of an earlier layer",
             {{{"etc", "", '5'}, {"conf", "etc", '2'}}, {{"conf/a", "2"}}},
             "conf=? etc/a=2 "},
        Case{"file becomes directory and back",
             {{{"etc/a", "1"}, {"etc/b/c", "1"}}, {{"etc/a/x", "2"}, {"etc/b", "2"}}},
             "etc/a/x=2 etc/b=2 "},
        Case{"only what an inspection needs is kept",
             {{{"usr/share/doc/x", "1"}}},
             "usr/share/doc/x=? "},
        Case{"empty layer", {{{"etc/a", "1"}}, {}}, "etc/a=1 "},
        Case{"paths that leave",
             {{{"../../etc/a", "1"},
               {"/etc/b", "1"},
               {"etc/h", "../../../etc/passwd", '1'},
               {"etc/.wh...", ""},
               {".wh.", ""}}},
             "etc/b=1 "}));

TEST(Layers, PathsThatLeaveAreWarnedOf) {
  const support::TempDirectory place;
  const auto root = rpmenv::open_root(place.write(
      "image.tar",
      tests::docker_archive({tests::tar({{"../x", "1"}, {"etc/os-release", "ID=x\n"}})})));
  ASSERT_TRUE(root);
  EXPECT_THAT(rpmenv::inspect(**root)->warnings, Contains(HasSubstr("../x")));
}

std::string whole_layer(const support::TempDirectory& place) {
  tests::write_sqlite(place / "db", tests::blobs(5));
  return tests::tar({{"etc/os-release", "ID=rhel\n"},
                     {"usr/lib64/liba.so.1", tests::ElfFile{.soname = "liba.so.1"}.bytes()},
                     {"usr/local/bin/python3.12", tests::ElfFile{}.bytes()},
                     {"opt/own/bin/python3.11", tests::ElfFile{}.bytes()},
                     {"opt/own/bin/python3", "python3.11", '2'},
                     {"var/lib/rpm/rpmdb.sqlite", support::read_file(place / "db")}});
}

class Formats : public testing::TestWithParam<int> {};
TEST_P(Formats, OfAnImageAreInspectedAlike) {
  const support::TempDirectory place;
  const std::string layer = whole_layer(place);
  std::string image = place / "image.tar";
  switch (GetParam()) {
    case 0:
      place.write("image.tar", tests::docker_archive({layer}));
      break;
    case 1:
      place.write("image.tar", tests::layout_archive({tests::compressed(layer, false)}));
      break;
    case 2:
      place.write("image.tar", tests::layout_archive({tests::compressed(layer, true)}));
      break;
    default:
      image = place / "layout";
      tests::write_layout(image, {layer});
  }
  const auto root = rpmenv::open_root(image);
  ASSERT_TRUE(root) << root.error().what;
  const auto facts = rpmenv::inspect(**root);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->os.id, "rhel");
  EXPECT_EQ(facts->packages.size(), 5u);
  EXPECT_EQ(facts->libraries.size(), 1u);
  EXPECT_EQ(facts->pythons.size(), 2u);
}
INSTANTIATE_TEST_SUITE_P(Table, Formats, testing::Range(0, 4));

TEST(ImageConfiguration, PathDecidesOnTheDefaultPythonAndCudaVersionCounts) {
  const support::TempDirectory place;
  const auto root = rpmenv::open_root(place.write(
      "image.tar", tests::docker_archive({whole_layer(place)},
                                         {"PATH=/opt/own/bin:/usr/bin", "CUDA_VERSION=12.4.1"})));
  ASSERT_TRUE(root);
  const auto facts = rpmenv::inspect(**root);
  for (const auto& python : facts->pythons)
    EXPECT_EQ(python.is_default, python.path == "opt/own/bin/python3.11") << python.path;
  EXPECT_EQ(facts->accelerators.cuda->version, "12.4.1");
}

TEST(DamagedArchives, AWrongDigestIsAnIntegrityFault) {
  const support::TempDirectory place;
  const std::string layout = place / "layout";
  const std::string layer = tests::compressed(whole_layer(place), false);
  tests::write_layout(layout, {layer});
  std::string victim;
  for (const auto& entry : std::filesystem::directory_iterator(layout + "/blobs/sha256")) {
    if (entry.file_size() == layer.size()) victim = entry.path();
  }
  ASSERT_EQ(truncate(victim.c_str(), static_cast<off_t>(layer.size() - 4)), 0);
  const auto root = rpmenv::open_root(layout);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().fault, Fault::kIntegrity);
}

TEST(DamagedArchives, OtherFilesAreNoImages) {
  const support::TempDirectory place;
  for (const std::string& bytes :
       {std::string(), std::string("text"), std::string(2000, 'x'), tests::tar({{"etc/a", "1"}}),
        tests::compressed(tests::tar({}), false)}) {
    const auto root = rpmenv::open_root(place.write("image.tar", bytes));
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().fault, Fault::kEnvironment);
    EXPECT_THAT(root.error().what, HasSubstr("image"));
  }
}

TEST(DamagedArchives, EveryTruncationIsRefused) {
  const support::TempDirectory place;
  const auto whole = tests::docker_archive({whole_layer(place)});
  for (std::size_t size = 0; size < whole.size() - 2048; size += 1000) {
    EXPECT_FALSE(rpmenv::open_root(place.write("image.tar", whole.substr(0, size)))) << size;
  }
}

TEST(DamagedArchives, ManifestsOfNonsenseAreRefused) {
  const support::TempDirectory place;
  for (const std::string manifest :
       {"[", "[]", "{}", "[{}]", "[{\"Layers\": [1], \"Config\": \"c\"}]",
        "[{\"Layers\": [\"x\"], \"Config\": \"y\"}]",
        "[{\"Layers\": [\"../../etc/passwd\"], \"Config\": \"manifest.json\"}]"}) {
    EXPECT_FALSE(
        rpmenv::open_root(place.write("image.tar", tests::tar({{"manifest.json", manifest}}))))
        << manifest;
  }
  EXPECT_FALSE(rpmenv::open_root(place.write(
      "image.tar",
      tests::tar(
          {{"index.json", R"({"manifests": [{"digest": "sha256:../../../../etc/passwd"}]})"}}))));
}

}  // namespace

// Root: every path stays inside, nothing hangs, nothing is written.
#include "rpmenv/root.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpmenv/path_walk.h"
#include "tests/rpmenv/image.h"

namespace {

using pep::Fault;
using tests::Image;

std::string text_of(const rpmenv::Root& root, const std::string& path) {
  const auto file = root.read(path, 1 << 20);
  return file ? std::string((*file)->view()) : "error: " + file.error().what;
}

TEST(Root, NoSuchDirectoryIsNotFoundAndNamesThePath) {
  const auto root = rpmenv::open_directory("/nonexistent/image");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().fault, Fault::kNotFound);
  EXPECT_NE(root.error().what.find("/nonexistent/image"), std::string::npos);
}

TEST(Root, AFileIsNoDirectory) {
  const support::TempDirectory place;
  const auto root = rpmenv::open_directory(place.write("image", "x"));
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().fault, Fault::kMalformed);
}

TEST(Root, OpenRootSaysThatTheTargetCannotBeThis) {
  const auto root = rpmenv::open_root("/nonexistent/image");
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().fault, Fault::kEnvironment);
}

TEST(Root, MissingPathIsNotFound) {
  const Image image;
  EXPECT_EQ(image.root()->stat("etc/passwd").error().fault, Fault::kNotFound);
  EXPECT_EQ(image.root()->list("etc").error().fault, Fault::kNotFound);
  EXPECT_EQ(image.root()->real_path("etc/passwd").error().fault, Fault::kNotFound);
}

TEST(Root, AbsoluteLinkMeansTheImagesOwnRoot) {
  const Image image;
  image.write("data/value", "inside");
  image.link("/data/value", "etc/value");
  EXPECT_EQ(text_of(*image.root(), "etc/value"), "inside");
  EXPECT_EQ(*image.root()->real_path("etc/value"), "data/value");
}

TEST(Root, LinksCannotLeave) {
  const support::TempDirectory outside;
  outside.write("secret", "outside");
  const Image image;
  image.link(outside / "secret", "absolute");
  image.link("../../../../../../../../../../../.." + (outside / "secret"), "relative");
  image.link(outside.path(), "directory");
  EXPECT_EQ(image.root()->read("absolute", 100).error().fault, Fault::kNotFound);
  EXPECT_EQ(image.root()->read("relative", 100).error().fault, Fault::kNotFound);
  EXPECT_EQ(image.root()->list("directory").error().fault, Fault::kNotFound);
  EXPECT_EQ(image.root()->real_path("relative").error().fault, Fault::kNotFound);
}

TEST(Root, DotsCannotLeave) {
  const Image image;
  image.write("value", "inside");
  EXPECT_EQ(text_of(*image.root(), "../../value"), "inside");
  image.directory("a");
  EXPECT_EQ(*image.root()->real_path("a/../../value"), "value");
}

TEST(Root, LinkLoopIsMalformed) {
  const Image image;
  image.link("b", "a");
  image.link("a", "b");
  EXPECT_EQ(image.root()->read("a", 100).error().fault, Fault::kMalformed);
  EXPECT_EQ(image.root()->real_path("a").error().fault, Fault::kMalformed);
}

TEST(Root, FifoDoesNotHangAndIsNoFile) {
  const Image image;
  image.fifo("etc/pip.conf");
  const auto file = image.root()->read("etc/pip.conf", 100);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().fault, Fault::kMalformed);
  EXPECT_NE(file.error().what.find("etc/pip.conf"), std::string::npos);
}

TEST(Root, FileAboveTheLimitIsRefused) {
  const Image image;
  image.write("big", std::string(101, 'x'));
  EXPECT_EQ(image.root()->read("big", 100).error().fault, Fault::kMalformed);
  EXPECT_TRUE(image.root()->read("big", 101));
}

TEST(Root, SmallAndMappedFilesReadAlike) {
  const Image image;
  const std::string big(100000, 'y');
  image.write("small", "x");
  image.write("big", big);
  image.write("empty", "");
  EXPECT_EQ(text_of(*image.root(), "small"), "x");
  EXPECT_EQ(text_of(*image.root(), "big"), big);
  EXPECT_EQ(text_of(*image.root(), "empty"), "");
}

TEST(Root, ListIsSortedWithKinds) {
  const Image image;
  image.write("d/b", "x");
  image.directory("d/c");
  image.link("b", "d/a");
  image.fifo("d/f");
  const auto entries = image.root()->list("d");
  ASSERT_TRUE(entries);
  std::string text;
  for (const auto& entry : *entries)
    text += entry.name + std::to_string(static_cast<int>(entry.kind)) + " ";
  EXPECT_EQ(text, "a2 b0 c1 f3 ");
}

TEST(Root, UnreadableFileIsAnIoFault) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const Image image;
  image.write("secret", "x");
  ASSERT_EQ(chmod(image.path("secret").c_str(), 0), 0);
  EXPECT_EQ(image.root()->read("secret", 100).error().fault, Fault::kIo);
}

TEST(Root, ReadLinkGivesTheTextAndRefusesFiles) {
  const Image image;
  image.write("file", "x");
  image.link("/nowhere", "link");
  EXPECT_EQ(*image.root()->read_link("link"), "/nowhere");
  EXPECT_FALSE(image.root()->read_link("file"));
}

TEST(Root, NamesNeedNotBeUtf8) {
  const Image image;
  image.write("lib\xff.so", "x");
  EXPECT_EQ(text_of(*image.root(), "lib\xff.so"), "x");
}

struct Walk {
  const char *path, *real;
};
class PathWalk : public testing::TestWithParam<Walk> {};

// The fallback for kernels without openat2 follows the same rules.
TEST_P(PathWalk, ResolvesAsTheKernelWould) {
  const Image image;
  image.write("usr/lib/real.so", "x");
  image.link("usr/lib", "lib");
  image.link("/lib/real.so", "absolute");
  image.link("../usr/../../usr/lib/./real.so", "etc/dots");
  image.link("etc/dots", "chain");
  const auto real = image.root()->real_path(GetParam().path);
  ASSERT_TRUE(real) << real.error().what;
  EXPECT_EQ(*real, GetParam().real);
}
INSTANTIATE_TEST_SUITE_P(Table, PathWalk,
                         testing::Values(Walk{"lib/real.so", "usr/lib/real.so"},
                                         Walk{"absolute", "usr/lib/real.so"},
                                         Walk{"etc/dots", "usr/lib/real.so"},
                                         Walk{"chain", "usr/lib/real.so"}, Walk{"", ""},
                                         Walk{"/usr//lib/", "usr/lib"}));

TEST(PathWalkLimits, LongLinksEnd) {
  const auto forever = [](const std::string&) -> pep::Result<std::string> {
    return std::string(5000, 'x') + "/y";
  };
  EXPECT_EQ(rpmenv::walk_path("a", true, forever).error().fault, Fault::kMalformed);
}

}  // namespace

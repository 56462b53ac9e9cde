// The configuration of an image in a file beside its directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rpmenv/image_manifest.h"
#include "rpmenv/inspect.h"
#include "rpmenv/pip_configuration.h"
#include "tests/rpmenv/image.h"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Image;

TEST(ImageConfig, EveryToolsFormIsRead) {
  for (const char* text : {
           R"({"config": {"Env": ["A=1", "B=2"]}, "architecture": "amd64"})",
           R"([{"Id": "x", "Config": {"Env": ["A=1", "B=2"]}}])",
           R"({"Config": {"Env": ["A=1", "B=2"]}})",
           R"({"OCIv1": {"config": {"Env": ["A=1", "B=2"]}}, "Docker": {}, "Config": "a text"})",
       }) {
    const auto found = rpmenv::read_image_environment(text);
    ASSERT_TRUE(found) << text;
    EXPECT_THAT(*found, ElementsAre("A=1", "B=2")) << text;
  }
}

TEST(ImageConfig, AConfigurationWithoutVariablesHasNone) {
  const auto found = rpmenv::read_image_environment(R"({"config": {}})");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

TEST(ImageConfig, AnythingElseIsRefused) {
  for (const char* text : {"", "{", "[]", "{}", "7", "[7]", R"({"config": 3})", R"({"Env": []})"}) {
    EXPECT_FALSE(rpmenv::read_image_environment(text)) << text;
  }
}

TEST(ImageConfig, ItsEnvironmentCountsAsTheImages) {
  const Image image;
  image.add_glibc();
  image.write(
      "config.json",
      R"({"config": {"Env": ["CUDA_VERSION=12.4.1", "PIP_INDEX_URL=https://a.example/simple"]}})");
  const auto root = rpmenv::open_root(image.path(), image.path("config.json"));
  ASSERT_TRUE(root);
  const auto facts = rpmenv::inspect(**root);
  ASSERT_TRUE(facts);
  ASSERT_TRUE(facts->accelerators.cuda);
  EXPECT_EQ(facts->accelerators.cuda->version, "12.4.1");
  EXPECT_EQ(facts->pip.index_url, "https://a.example/simple");
}

TEST(ImageConfig, AFileThatIsNoneIsAnErrorThatNamesIt) {
  const Image image;
  image.add_glibc();
  image.write("config.json", "no json");
  for (const char* file : {"config.json", "nothing.json", ""}) {
    const auto root = rpmenv::open_root(image.path(), image.path(file));
    ASSERT_FALSE(root) << file;
    EXPECT_EQ(root.error().fault, pep::Fault::kConfig);
    EXPECT_THAT(root.error().what, HasSubstr(file));
  }
}

class Variables : public testing::Test {
 protected:
  rpmenv::PipConfiguration read(std::vector<std::string> environment) {
    auto root = image_.root();
    root->set_environment(std::move(environment));
    return rpmenv::read_pip_configuration(*root, nullptr, warnings_);
  }
  Image image_;
  std::vector<std::string> warnings_;
};

TEST_F(Variables, OverruleTheFiles) {
  image_.write("etc/pip.conf", "[global]\nindex-url = https://file.example/\ntimeout = 3\n");
  const auto pip = read({"PIP_INDEX_URL=https://variable.example/",
                         "PIP_EXTRA_INDEX_URL=https://a.example https://b.example",
                         "PIP_NO_INDEX=", "PATH=/usr/bin"});
  EXPECT_EQ(pip.index_url, "https://variable.example/");
  EXPECT_EQ(pip.timeout, 3);
  EXPECT_THAT(pip.extra_index_urls, ElementsAre("https://a.example", "https://b.example"));
  EXPECT_FALSE(pip.no_index);
}

TEST_F(Variables, NameAFileOrNone) {
  image_.write("etc/pip.conf", "[global]\nindex-url = https://file.example/\n");
  image_.write("opt/own.conf", "[global]\nindex-url = https://own.example/\n");
  EXPECT_EQ(read({"PIP_CONFIG_FILE=/opt/own.conf"}).index_url, "https://own.example/");
  EXPECT_EQ(read({"PIP_CONFIG_FILE=/dev/null"}).index_url, std::nullopt);
}

}  // namespace

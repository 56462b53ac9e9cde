// The manifests of s2i/ for build systems: each is YAML that can be read whole, and is of the kind
// that its place says. Their schemas are on no package of Debian, so what they have to hold is
// listed here.
#include <gtest/gtest.h>

#include "plugin/json_document.h"
#include "tests/support/temp_directory.h"

namespace plugin::test {
namespace {

struct Row {
  const char* file;
  std::vector<std::pair<std::initializer_list<std::string_view>, const char*>> holds;
};

TEST(Manifests, EachIsReadAndIsOfItsKind) {
  const std::vector<Row> rows = {
      {"openshift/buildconfig-source.yaml",
       {{{"apiVersion"}, "build.openshift.io/v1"},
        {{"kind"}, "BuildConfig"},
        {{"spec", "strategy", "type"}, "Source"},
        {{"spec", "strategy", "sourceStrategy", "from", "kind"}, "ImageStreamTag"},
        {{"spec", "strategy", "sourceStrategy", "volumes", "", "source", "type"}, "Secret"},
        {{"spec", "output", "to", "kind"}, "ImageStreamTag"}}},
      {"openshift/buildconfig-docker.yaml",
       {{{"apiVersion"}, "build.openshift.io/v1"},
        {{"kind"}, "BuildConfig"},
        {{"spec", "strategy", "type"}, "Docker"},
        {{"spec", "strategy", "dockerStrategy", "dockerfilePath"}, "Containerfile.multi-stage"},
        {{"spec", "strategy", "dockerStrategy", "buildArgs", "", "name"}, "BASE"}}},
      {"shipwright/clusterbuildstrategy.yaml",
       {{{"apiVersion"}, "shipwright.io/v1beta1"},
        {{"kind"}, "ClusterBuildStrategy"},
        {{"spec", "parameters", "", "name"}, "base-image"},
        {{"spec", "steps", "", "name"}, "build-and-push"},
        {{"spec", "volumes", "", "overridable"}, "true"}}},
      {"shipwright/build.yaml",
       {{{"apiVersion"}, "shipwright.io/v1beta1"},
        {{"kind"}, "Build"},
        {{"spec", "strategy", "name"}, "buildah-seshat"},
        {{"spec", "source", "type"}, "Git"}}},
      {"tekton/task.yaml",
       {{{"apiVersion"}, "tekton.dev/v1"},
        {{"kind"}, "Task"},
        {{"spec", "params", "", "name"}, "IMAGE"},
        {{"spec", "results", "", "name"}, "IMAGE_DIGEST"},
        {{"spec", "steps", "", "name"}, "build-and-push"}}},
      {"ci/github-actions.yaml",
       {{{"jobs", "image", "runs-on"}, "ubuntu-latest"},
        {{"jobs", "image", "steps", "", "uses"}, "actions/checkout@v4"}}},
      {"ci/gitlab-ci.yml",
       {{{"stages", ""}, "build"},
        {{"image", "stage"}, "build"},
        {{"image", "retry", "max"}, "2"}}},
      {"oci-hooks/seshat.json",
       {{{"version"}, "1.0.0"},
        {{"hook", "path"}, "/usr/local/bin/seshat"},
        {{"when", "always"}, "true"},
        {{"stages", ""}, "prestart"}}},
  };
  for (const Row& row : rows) {
    const std::string text = support::read_file(std::string(SESHAT_SOURCE_DIR "/s2i/") + row.file);
    ASSERT_NE(text, "") << row.file;
    const JsonDocument document(text);
    ASSERT_TRUE(document.good()) << row.file;
    for (const auto& [path, value] : row.holds) {
      std::string shown;
      for (const std::string_view part : path) shown += "/" + std::string(part);
      EXPECT_EQ(document.at(path), value) << row.file << shown;
    }
  }
}

// What a Containerfile that ships is named by has to be there.
TEST(Manifests, TheContainerfilesThatTheyNameAreThere) {
  for (const char* name :
       {"single-stage", "multi-stage", "cached", "rootless", "distroless", "builder", "example"}) {
    EXPECT_NE(support::read_file(std::string(SESHAT_SOURCE_DIR "/s2i/Containerfile.") + name), "")
        << name;
  }
}

}  // namespace
}  // namespace plugin::test

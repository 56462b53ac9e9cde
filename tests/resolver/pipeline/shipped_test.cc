// The rules that come with the program, one row a statement: in this image, this stack is (not)
// acceptable.
#include "prescriptions/shipped.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/resolver/pipeline/rules.h"

namespace resolver::pipeline {
namespace {

using Stack = std::map<std::string, pep::Version, std::less<>>;

// "a==1 b==2"
Stack stack_of(const std::string& text) {
  Stack stack;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t at = word.find("==");
    stack[word.substr(0, at)] = *pep::Version::parse(word.substr(at + 2));
  }
  return stack;
}

bool is_met(const PackagePattern& pattern, const Stack& stack) {
  const auto found = stack.find(pattern.name);
  return found != stack.end() &&
         meets(pattern, {found->first, found->second, "https://index.example/simple", false});
}

// The unit that refuses the stack, or one of its packages; empty if it is acceptable.
std::string refusing_unit(const Plan& plan, const Stack& stack) {
  for (const auto& [name, version] : stack) {
    if (const SieveRule* sieve =
            plan.removed({name, version, "https://index.example/simple", false}))
      return sieve->head.unit;
    for (const StackRule* rule : plan.of(name).stack) {
      const bool fires = std::ranges::all_of(
          rule->all_of, [&](const PackagePattern& pattern) { return is_met(pattern, stack); });
      if (fires && rule->effect == Effect::kNotAcceptable) return rule->head.unit;
    }
  }
  return {};
}

// Images: what a row's `image` says, word by word.
prescriptions::Situation image_of(const std::string& text) {
  prescriptions::Situation situation;
  situation.python_version = "3.9";
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word == "rpm" || word == "dpkg") {
      situation.rpm_names = word == "rpm";
      situation.packages.emplace();
    } else if (word == "latest") {
      situation.recommendation_type = prescriptions::RecommendationType::kLatest;
    } else {
      situation.packages->push_back({.package_name = word});
    }
  }
  return situation;
}

struct Row {
  const char* image;
  const char* stack;
  const char* refused_by;
};

class Shipped : public testing::TestWithParam<Row> {};

TEST_P(Shipped, Rule) {
  Request request;
  request.situation = image_of(GetParam().image);
  const auto made = plan_of(prescriptions::shipped_documents(), request);
  EXPECT_EQ(refusing_unit(made.plan, stack_of(GetParam().stack)), GetParam().refused_by)
      << GetParam().image << ": " << GetParam().stack;
}

constexpr const char* kPillow = "seshat.Pillow830NumPy";
INSTANTIATE_TEST_SUITE_P(PillowNumPy, Shipped,
                         testing::Values(Row{"", "pillow==8.3.0 numpy==1.21.0", kPillow},
                                         Row{"", "numpy==2.0.0 pillow==8.3 scipy==1.7", kPillow},
                                         Row{"", "pillow==8.3.1 numpy==1.21.0", ""},
                                         Row{"", "pillow==8.2.0 numpy==1.21.0", ""},
                                         Row{"", "pillow==8.3.0", ""}));

constexpr const char* kGit = "seshat.GitPythonNeedsGit";
INSTANTIATE_TEST_SUITE_P(GitPython, Shipped,
                         testing::Values(Row{"rpm bash", "gitpython==3.1.43", kGit},
                                         Row{"rpm bash git", "gitpython==3.1.43", ""},
                                         Row{"rpm git-core", "gitpython==3.1.43", ""},
                                         Row{"dpkg bash", "gitpython==3.1.43", kGit},
                                         Row{"dpkg git", "gitpython==3.1.43", ""},
                                         Row{"", "gitpython==3.1.43", ""},
                                         Row{"rpm bash", "gitdb==4.0", ""}));

constexpr const char* kH5py = "seshat.TensorFlow21H5py3";
INSTANTIATE_TEST_SUITE_P(TensorFlowH5py, Shipped,
                         testing::Values(Row{"", "tensorflow==2.1.0 h5py==3.1.0", kH5py},
                                         Row{"", "tensorflow-gpu==2.1.4 h5py==3.0.0", kH5py},
                                         Row{"", "tensorflow-cpu==2.1.0 h5py==2.10.0", ""},
                                         Row{"", "intel-tensorflow==2.1.0 h5py==3.1.0", kH5py},
                                         Row{"", "tensorflow==2.2.0 h5py==3.1.0", ""},
                                         Row{"", "tensorflow==2.1.0", ""},
                                         Row{"latest", "tensorflow==2.1.0 h5py==3.1.0", ""}));

}  // namespace
}  // namespace resolver::pipeline

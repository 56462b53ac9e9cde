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
    } else if (word == "avx2" || word == "sse2") {
      situation.cpu_flags = std::vector<std::string>{word};
    } else if (word == "gpu") {
      situation.gpu_models = {"A100"};
    } else if (word == "cuda") {
      situation.cuda_version = "12.2";
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
                                         Row{"", "numpy==2.0.0 pillow==8.3 scipy==1.13", kPillow},
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

struct PairRow {
  const char* unit;
  const char* refused;
  const char* accepted;
};

class ShippedPair : public testing::TestWithParam<PairRow> {};

TEST_P(ShippedPair, RefusesTheBrokenStackOnly) {
  const auto made = plan_of(prescriptions::shipped_documents(), Request{});
  EXPECT_EQ(refusing_unit(made.plan, stack_of(GetParam().refused)), GetParam().unit);
  EXPECT_EQ(refusing_unit(made.plan, stack_of(GetParam().accepted)), "");
}

INSTANTIATE_TEST_SUITE_P(
    Known, ShippedPair,
    testing::Values(
        PairRow{"seshat.Jinja2MarkupSafe21", "jinja2==2.11.3 markupsafe==2.1.0",
                "jinja2==2.11.3 markupsafe==2.0.1"},
        PairRow{"seshat.Jinja2MarkupSafe21", "jinja2==2.10 markupsafe==3.0",
                "jinja2==3.0.0 markupsafe==2.1.0"},
        PairRow{"seshat.FlaskItsDangerous21", "flask==1.1.2 itsdangerous==2.1.2",
                "flask==1.1.2 itsdangerous==2.0.1"},
        PairRow{"seshat.FlaskWerkzeug3", "flask==2.2.2 werkzeug==3.0.0",
                "flask==2.2.2 werkzeug==2.3.7"},
        PairRow{"seshat.FlaskWerkzeug3", "flask==2.0.0 werkzeug==3.0.3",
                "flask==3.0.0 werkzeug==3.0.3"},
        PairRow{"seshat.BotocoreUrllib3", "botocore==1.29.90 urllib3==2.0.0",
                "botocore==1.29.123 urllib3==2.0.0"},
        PairRow{"seshat.PandasNumPy2", "pandas==2.0.3 numpy==2.0.0", "pandas==2.2.2 numpy==2.0.0"},
        PairRow{"seshat.PandasNumPy2", "pandas==1.5.3 numpy==2.1", "pandas==2.0.3 numpy==1.26.4"},
        PairRow{"seshat.FastAPIPydantic2", "fastapi==0.95.2 pydantic==2.0",
                "fastapi==0.100.0 pydantic==2.0"},
        PairRow{"seshat.TensorFlowProtobuf4", "tensorflow==2.7.1 protobuf==4.21.0",
                "tensorflow==2.12.0 protobuf==4.21.0"},
        PairRow{"seshat.TensorFlowProtobuf4", "tensorflow-cpu==2.3.0 protobuf==5.26.0",
                "tensorflow-cpu==2.3.0 protobuf==3.20.3"}));

INSTANTIATE_TEST_SUITE_P(OpenCV, Shipped,
                         testing::Values(Row{"rpm bash", "opencv-python==4.9.0.80",
                                             "seshat.OpenCVNeedsLibGL"},
                                         Row{"rpm libglvnd-glx", "opencv-python==4.9.0.80", ""},
                                         Row{"rpm bash", "opencv-python-headless==4.9.0.80", ""},
                                         Row{"dpkg bash", "opencv-python==4.9.0.80", ""}));

INSTANTIATE_TEST_SUITE_P(
    TensorFlowAvx2, Shipped,
    testing::Values(Row{"sse2", "tensorflow==2.4.0", "seshat.TensorFlow240AVX2"},
                    Row{"avx2", "tensorflow==2.4.0", ""}, Row{"", "tensorflow==2.4.0", ""},
                    Row{"sse2", "tensorflow==2.4.1", ""}));

std::vector<std::string> booted(const std::string& image) {
  Request request;
  request.situation = image_of(image);
  const auto made = plan_of(prescriptions::shipped_documents(), request);
  std::vector<std::string> units;
  for (const ReportedEntry& entry : made.plan.boot_entries()) units.push_back(entry.unit);
  return units;
}

TEST(ShippedBoot, AGpuWithoutCuda) {
  EXPECT_EQ(booted("gpu"), std::vector<std::string>{"seshat.GPUWithoutCUDA"});
  EXPECT_EQ(booted("gpu cuda"), std::vector<std::string>());
  EXPECT_EQ(booted("cuda"), std::vector<std::string>{"seshat.CUDAWithoutGPU"});
}

TEST(ShippedWrap, MktempIsAWarningAndAnErrorWhereSecurityIsAskedFor) {
  using prescriptions::RecommendationType;
  const auto types = [](RecommendationType type, bool uses) {
    Request request;
    request.situation.recommendation_type = type;
    request.situation.library_usage.emplace();
    if (uses) (*request.situation.library_usage)["tempfile"] = {"tempfile.mktemp"};
    const auto made = plan_of(prescriptions::shipped_documents(), request);
    std::vector<std::string> found;
    for (const WrapRule* wrap : made.plan.general().wraps) {
      for (const Entry& entry : wrap->head.notices->justification)
        found.emplace_back(prescriptions::name_of(entry.type));
    }
    return found;
  };
  EXPECT_EQ(types(RecommendationType::kStable, true), std::vector<std::string>{"WARNING"});
  EXPECT_EQ(types(RecommendationType::kSecurity, true), std::vector<std::string>{"ERROR"});
  EXPECT_EQ(types(RecommendationType::kStable, false), std::vector<std::string>());
}

}  // namespace
}  // namespace resolver::pipeline

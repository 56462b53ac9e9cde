// CUDA, cuDNN, MKL, OpenBLAS and Open MPI, from whatever an image has of them.
#include "rpmenv/accelerators.h"

#include <gtest/gtest.h>

#include "rpmenv/hardware.h"
#include "tests/rpmenv/elf_file.h"
#include "tests/rpmenv/image.h"
#include "tests/rpmenv/rpm_file.h"

namespace {

using rpmenv::Accelerator;
using tests::Image;

struct Row {
  const char *path, *text;
  std::optional<Accelerator> rpmenv::Accelerators::*which;
  const char* version;
};
class FromFile : public testing::TestWithParam<Row> {};
TEST_P(FromFile, IsRead) {
  const Image image;
  image.write(GetParam().path, GetParam().text);
  const auto found = image.inspect().accelerators.*GetParam().which;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->version, GetParam().version);
  EXPECT_EQ(found->source, GetParam().path);
}
using A = rpmenv::Accelerators;
INSTANTIATE_TEST_SUITE_P(
    Table, FromFile,
    testing::Values(
        Row{"usr/local/cuda/version.json",
            R"({"cuda" : {"name" : "CUDA SDK", "version" : "12.4.1"}, "x": {"version": "1"}})",
            &A::cuda, "12.4.1"},
        Row{"usr/local/cuda/version.txt", "CUDA Version 10.1.243\n", &A::cuda, "10.1.243"},
        Row{"usr/local/cuda-13.0/include/cuda.h", "#define CUDA_VERSION 13010\n", &A::cuda, "13.1"},
        Row{"usr/include/cudnn_version.h",
            "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 19\n#define CUDNN_PATCHLEVEL 0\n",
            &A::cudnn, "9.19.0"},
        Row{"opt/intel/oneapi/mkl/2023.2.0/include/mkl_version.h",
            "#define __INTEL_MKL__ 2023\n#define __INTEL_MKL_MINOR__ 0\n#define "
            "__INTEL_MKL_UPDATE__ 2\n",
            &A::mkl, "2023.0.2"},
        Row{"usr/include/openblas/openblas_config.h",
            "#define OPENBLAS_VERSION \" OpenBLAS 0.3.21 \"\n", &A::openblas, "0.3.21"},
        Row{"usr/lib64/openmpi/include/mpi.h",
            "#define OMPI_MAJOR_VERSION 4\n#define OMPI_MINOR_VERSION 1\n#define "
            "OMPI_RELEASE_VERSION 4\n",
            &A::openmpi, "4.1.4"}));

TEST(Accelerators, FromNamesOfLibraries) {
  const Image image;
  image.write("usr/lib64/libcudart.so.12.4.127",
              tests::ElfFile{.soname = "libcudart.so.12"}.bytes());
  image.write("usr/lib64/libopenblasp-r0.3.21.so",
              tests::ElfFile{.soname = "libopenblas.so.0"}.bytes());
  const auto found = image.inspect().accelerators;
  EXPECT_EQ(found.cuda->version, "12.4.127");
  EXPECT_EQ(found.openblas->version, "0.3.21");
}

TEST(Accelerators, FromWheels) {
  const Image image;
  image.add_python("3.9.18");
  image.write("usr/lib/python3.9/site-packages/nvidia_cudnn_cu12-9.1.0.70.dist-info/METADATA",
              "Name: nvidia-cudnn-cu12\nVersion: 9.1.0.70\n");
  EXPECT_EQ(image.inspect().accelerators.cudnn->version, "9.1.0.70");
}

TEST(Accelerators, FromPackages) {
  const Image image;
  tests::write_sqlite(image.path("var/lib/rpm/rpmdb.sqlite"),
                      {tests::RpmHeader{.name = "openmpi", .version = "4.1.1"}.blob()});
  EXPECT_EQ(image.inspect().accelerators.openmpi->version, "4.1.1");
}

TEST(Accelerators, DeepJsonDoesNoHarm) {
  const Image image;
  image.write("usr/local/cuda/version.json", std::string(200000, '['));
  EXPECT_FALSE(image.inspect().accelerators.cuda);
}

TEST(Hardware, FirstProcessorCounts) {
  const auto cpu = rpmenv::parse_cpuinfo(
      "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: "
      "X\nflags\t\t: sse avx2\n\nvendor_id: no\n");
  EXPECT_EQ(cpu.vendor, "GenuineIntel");
  EXPECT_EQ(cpu.family, 6);
  EXPECT_EQ(cpu.model, 143);
  EXPECT_EQ(cpu.flags, (std::vector<std::string>{"avx2", "sse"}));
}

}  // namespace

// The ELF reader: what it reads, and what it refuses without harm.
#include "rpmenv/elf.h"

#include <dlfcn.h>
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/rpmenv/elf_file.h"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tests::ElfFile;

ElfFile sample() {
  return {
      .soname = "libdemo.so.1",
      .definitions = {"libdemo.so.1", "DEMO_1", "DEMO_2", "DEMO_PRIVATE"},
      .needs = {{"libplain.so.2", {}}, {"libc.so.6", {"GLIBC_2.17", "GLIBC_2.3", "GLIBC_PRIVATE"}}},
      .weak = {"GLIBC_2.99"},
      .run_path = "$ORIGIN/../lib:/opt/lib",
      .loader = "/lib64/ld-linux-x86-64.so.2"};
}

TEST(Elf, ReadsNamesAndVersions) {
  const auto elf = rpmenv::read_elf(sample().bytes());
  ASSERT_TRUE(elf) << elf.error().what;
  EXPECT_EQ(elf->machine, "x86_64");
  EXPECT_EQ(elf->bits, 64);
  EXPECT_TRUE(elf->shared);
  EXPECT_EQ(elf->soname, "libdemo.so.1");
  EXPECT_EQ(elf->interpreter, "/lib64/ld-linux-x86-64.so.2");
  EXPECT_THAT(elf->run_paths, ElementsAre("$ORIGIN/../lib", "/opt/lib"));
  EXPECT_THAT(elf->defines, ElementsAre("DEMO_1", "DEMO_2")) << "without BASE and private nodes";
  ASSERT_EQ(elf->needs.size(), 2u);
  EXPECT_THAT(elf->needs.at("libc.so.6"), ElementsAre("GLIBC_2.17", "GLIBC_2.3"))
      << "without weak and private nodes";
  EXPECT_THAT(elf->needs.at("libplain.so.2"), IsEmpty());
}

TEST(Elf, ANodeNamedLikeTheSonameIsKeptUnlessItIsTheBase) {
  const ElfFile file{.soname = "libj.so.4", .definitions = {"base", "libj.so.4"}};
  EXPECT_THAT(rpmenv::read_elf(file.bytes())->defines, ElementsAre("libj.so.4"));
}

TEST(Elf, NamesMachines) {
  const std::vector<std::pair<std::uint16_t, std::string>> rows = {{EM_AARCH64, "aarch64"},
                                                                   {EM_PPC64, "ppc64le"},
                                                                   {EM_S390, "s390x"},
                                                                   {EM_RISCV, "riscv64"},
                                                                   {9999, "machine-9999"}};
  for (const auto& [machine, name] : rows) {
    EXPECT_EQ(rpmenv::read_elf(ElfFile{.machine = machine}.bytes())->machine, name);
  }
}

TEST(Elf, TextIsNoElf) {
  EXPECT_FALSE(rpmenv::is_elf("/* GNU ld script */"));
  EXPECT_FALSE(rpmenv::read_elf(""));
}

TEST(Elf, EveryTruncationIsRefusedOrRead) {
  const std::string whole = sample().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto elf = rpmenv::read_elf(std::string_view(whole).substr(0, size));
    if (size < tests::kDynamicAt) {
      EXPECT_FALSE(elf) << size;
    }
  }
}

TEST(Elf, CyclicDefinitionsEnd) {
  std::string bytes = ElfFile{.definitions = {"b", "A_1", "A_2"}}.bytes();
  const std::size_t at =
      tests::kDynamicAt + 5 * sizeof(Elf64_Dyn);  // VERDEF, VERDEFNUM, STRTAB, STRSZ, NULL
  tests::patch(bytes,
               at + sizeof(Elf64_Verdef) + sizeof(Elf64_Verdaux) + offsetof(Elf64_Verdef, vd_next),
               std::uint32_t{0xffffffe4});
  EXPECT_FALSE(rpmenv::read_elf(bytes));
}

TEST(Elf, HugeCountsAreRefused) {
  std::string bytes = ElfFile{.definitions = {"b", "A_1"}}.bytes();
  tests::patch(bytes, tests::kDynamicAt + sizeof(Elf64_Dyn) + 8, ~std::uint64_t{0});
  EXPECT_FALSE(rpmenv::read_elf(bytes));
}

TEST(Elf, FarProgramHeadersAreRefused) {
  std::string bytes = sample().bytes();
  tests::patch(bytes, offsetof(Elf64_Ehdr, e_phoff), ~std::uint64_t{15});
  EXPECT_FALSE(rpmenv::read_elf(bytes));
}

TEST(Elf, NamesOutsideOfTheStringTableAreRefused) {
  std::string bytes = sample().bytes();
  tests::patch(bytes, tests::kDynamicAt + 8, std::uint64_t{1} << 40);
  EXPECT_FALSE(rpmenv::read_elf(bytes));
}

TEST(Elf, RandomDamageDoesNoHarm) {
  std::mt19937 random(1);
  const std::string whole = sample().bytes();
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 4; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    (void)rpmenv::read_elf(bytes);
  }
}

// Of the C library that this test itself runs with.
TEST(Elf, SymbolsAreWhatAFileExportsWithTheirNodes) {
  Dl_info found{};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&malloc), &found), 0);
  std::ifstream file(found.dli_fname, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(rpmenv::read_elf(bytes)->symbols.empty());
  const auto elf = rpmenv::read_elf(bytes, true);
  ASSERT_TRUE(elf) << elf.error().what;
  if (elf->soname != "libc.so.6") GTEST_SKIP() << "malloc is of " << found.dli_fname;
  EXPECT_TRUE(std::ranges::is_sorted(elf->symbols));
  const auto has = [&](std::string_view begin) {
    return std::ranges::any_of(elf->symbols,
                               [&](const std::string& one) { return one.starts_with(begin); });
  };
  EXPECT_TRUE(has("malloc@@GLIBC_2."));
  EXPECT_FALSE(has("GLIBC_2.17@@"));
  for (std::size_t size = 0; size < bytes.size(); size += bytes.size() / 97)
    (void)rpmenv::read_elf(std::string_view(bytes).substr(0, size), true);
}

}  // namespace

// Writes image roots for tests.
#include "tests/rpmenv/image.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "tests/rpmenv/elf_file.h"

namespace tests {
namespace fs = std::filesystem;

Image::Image() { fs::create_directories(path()); }

std::string Image::path(const std::string& relative) const {
  return place_ / ("root" + (relative.empty() ? "" : "/" + relative));
}

void Image::write(const std::string& relative, std::string_view bytes) const {
  place_.write("root/" + relative, bytes);
}

void Image::directory(const std::string& relative) const { fs::create_directories(path(relative)); }

void Image::link(const std::string& target, const std::string& relative) const {
  fs::create_directories(fs::path(path(relative)).parent_path());
  fs::create_symlink(target, path(relative));
}

void Image::fifo(const std::string& relative) const {
  fs::create_directories(fs::path(path(relative)).parent_path());
  ASSERT_EQ(mkfifo(path(relative).c_str(), 0644), 0);
}

void Image::add_glibc(const std::string& release) const {
  for (const char* name : {"bin", "lib", "lib64"}) {
    directory("usr/" + std::string(name));
    link("usr/" + std::string(name), name);
  }
  ElfFile libc{.soname = "libc.so.6", .definitions = {"libc.so.6", "GLIBC_2.2.5", "GLIBC_2.17"}};
  libc.definitions.push_back("GLIBC_PRIVATE");
  libc.text = "GNU C Library (GNU libc) stable release version " + release + ".\n";
  write("usr/lib64/libc-" + release + ".so", libc.bytes());
  link("libc-" + release + ".so", "usr/lib64/libc.so.6");
  write("usr/lib/os-release", "ID=\"centos\"\nVERSION_ID=\"9\"\nPRETTY_NAME=\"CentOS Stream 9\"\n");
  link("../usr/lib/os-release", "etc/os-release");
}

void Image::add_python(const std::string& version) const {
  const std::string minor = version.substr(0, version.find('.', 2));
  ElfFile program{.needs = {{"libc.so.6", {"GLIBC_2.2.5"}}}};
  program.text = std::string("\0", 1) + version + std::string("\0", 1);
  write("usr/bin/python" + minor, program.bytes());
  link("python" + minor, "usr/bin/python3");
  directory("usr/lib/python" + minor + "/site-packages");
}

std::string Image::digest() const {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(path())) {
    struct stat raw {};
    if (lstat(entry.path().c_str(), &raw) != 0) continue;
    std::string line = entry.path().string() + " " + std::to_string(raw.st_mode) + " " +
                       std::to_string(raw.st_size) + " " + std::to_string(raw.st_mtim.tv_nsec) +
                       " " + std::to_string(raw.st_ctim.tv_nsec);
    if (S_ISREG(raw.st_mode)) line += support::read_file(entry.path());
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

std::unique_ptr<rpmenv::Root> Image::root() const {
  auto root = rpmenv::open_directory(path());
  return root ? std::move(*root) : nullptr;
}

rpmenv::Facts Image::inspect(const rpmenv::InspectOptions& options) const {
  auto facts = rpmenv::inspect(*root(), options);
  EXPECT_TRUE(facts) << (facts ? "" : facts.error().what);
  return facts ? std::move(*facts) : rpmenv::Facts{};
}

}  // namespace tests

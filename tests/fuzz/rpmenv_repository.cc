// An rpm-md repository: "R" and a repomd.xml, or a list of packages.
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "rpmenv/solv_pool.h"
#include "tests/fuzz/fuzz.h"

namespace {

// One directory for the whole run: what is written is all there is in it.
const std::string& directory() {
  static const std::string made = [] {
    std::string name = "/tmp/fuzz-repository-XXXXXX";
    fuzz::require(mkdtemp(name.data()) != nullptr, "a temporary directory");
    std::filesystem::create_directories(name + "/repodata");
    return name;
  }();
  return made;
}

void write(const char* name, std::string_view text) {
  std::ofstream(directory() + "/repodata/" + name, std::ios::binary) << text;
}

constexpr std::string_view kList =
    "<?xml version=\"1.0\"?><repomd xmlns=\"http://linux.duke.edu/metadata/repo\">"
    "<data type=\"primary\"><location href=\"repodata/primary.xml\"/></data></repomd>";

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const bool is_list = text.starts_with('R');
  write("repomd.xml", is_list ? text.substr(1) : kList);
  write("primary.xml", is_list ? std::string_view() : text);
  rpmenv::SolvPool pool;
  pool.set_architecture("x86_64");
  const auto added = pool.add_available(directory());
  fuzz::require(added.has_value() || !added.error().what.empty(), "an error says what is wrong");
  if (!added) return 0;
  pool.finish();
  const std::string wanted[] = {"libGL.so.1()(64bit)"};
  (void)pool.install(wanted);
  return 0;
}

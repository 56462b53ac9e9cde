// One file of an image, chosen by the first byte, among files that make it looked at.
#include <iterator>
#include <string>

#include "rpmenv/inspect.h"
#include "rpmenv/tree_root.h"
#include "tests/fuzz/fuzz.h"

namespace {

constexpr const char* kPaths[] = {
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d/base",
    "lib/apk/db/installed",
    "etc/os-release",
    "etc/ld.so.conf",
    "usr/lib/python3.11/site-packages/a-1.0.dist-info/METADATA",
    "usr/lib/python3.11/site-packages/a-1.0.dist-info/RECORD",
    "usr/lib/python3.11/site-packages/a.egg-link",
    "opt/venv/pyvenv.cfg",
    "usr/local/cuda/version.json",
    "usr/include/cudnn_version.h",
    "usr/include/python3.11/patchlevel.h",
    "etc/pip.conf",
    "usr/lib/x86_64-linux-gnu/libc.so.6",
};

void place(rpmenv::TreeRoot& root, const char* path, std::string_view text) {
  std::string done;
  rpmenv::TreeRoot::Node* node = root.place(path, 0, done);
  if (node == nullptr) return;
  node->kind = rpmenv::Kind::kFile;
  node->content = std::make_shared<rpmenv::TreeRoot::Content>();
  node->content->number = root.store().size() + 1;
  node->content->size = text.size();
  node->content->offset = root.store().size();
  node->content->mode = 0100755;
  node->content->kept = static_cast<bool>(root.store().append(text));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  rpmenv::TreeRoot root("fuzzed");
  const char* chosen = kPaths[data[0] % std::size(kPaths)];
  for (const char* path : kPaths) {
    if (path != chosen) place(root, path, "");
  }
  place(root, "usr/bin/python3.11",
        "\x7f"
        "ELF");
  place(root, "opt/venv/bin/python3", "");
  place(root, chosen, fuzz::text_of(data, size).substr(1));
  fuzz::require(static_cast<bool>(root.store().finish()), "the store is finished");
  const auto facts = rpmenv::inspect(root, {.modules = true, .hardware = false});
  fuzz::require(facts.has_value() || !facts.error().what.empty(), "an error says what is wrong");
  return 0;
}

// The Python interpreters and virtual environments of an image, found without running one. Knows
// nothing of package databases: who owns a file, and which version that owner has, is told to it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

struct FoundPython {
  Interpreter interpreter;  // without version of the patch level, owner and platforms
  std::string loader;       // PT_INTERP of its ELF file
  std::string machine;      // of its ELF file
  std::string library;      // "libpython3.9.so.1.0" if it needs one
  std::vector<std::string> run_paths;
  std::string declared_version;  // of pyvenv.cfg
  std::string
      base;  // of a virtual environment: the real path of its interpreter, if that is in the image
};

struct PythonScan {
  std::vector<FoundPython> pythons;  // sorted by path
  std::vector<std::string> warnings;
};

// `search_path`: the directories of the image's PATH, for the default; empty: the usual ones.
PythonScan find_pythons(const Root& root, const std::vector<std::string>& search_path);

// The full version ("3.9.18"): from patchlevel.h, else `owner_version` (of the package that owns
// it), else the text in the program or its library, looked for in `directories`; else what is known
// already ("3.9").
std::string python_version(const Root& root, const FoundPython& python,
                           const std::string& owner_version,
                           const std::vector<std::string>& directories);

// "3.9.18", "3.13.0rc2" at the beginning of `text`; empty if there is none.
std::string_view leading_python_version(std::string_view text);

}  // namespace rpmenv

// What the loader reads of an ELF file: names, needed libraries and version nodes, from the program
// headers and the dynamic section alone (section headers may be stripped). Untrusted input: every
// offset and count is bounded. Knows nothing of files or directories.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace rpmenv {

struct Elf {
  std::string machine;  // as platform_machine says it: x86_64, aarch64, i686
  int bits = 64;
  bool shared = false;                 // ET_DYN: a shared object or a position independent program
  bool dynamic = false;                // has a dynamic section
  std::string interpreter;             // PT_INTERP
  std::string soname;                  // DT_SONAME
  std::vector<std::string> run_paths;  // DT_RUNPATH, else DT_RPATH, split at ":"
  std::vector<std::string> defines;    // version nodes, sorted; without the BASE node and *_PRIVATE
  // DT_NEEDED -> version nodes that must be there, sorted; weak ones and *_PRIVATE left out.
  std::map<std::string, std::vector<std::string>> needs;
  // What it exports, sorted: "name@@NODE" (the default of that name), "name@NODE", or "name".
  std::vector<std::string> symbols;
};

bool is_elf(std::string_view bytes);

// malformed if it does not hold together. `symbols` costs by far the most: it is a wish of its own.
pep::Result<Elf> read_elf(std::string_view bytes, bool symbols = false);

}  // namespace rpmenv

// The rules that come with the program (prescriptions/rules/*.yaml), compiled in.
#pragma once

#include <span>
#include <string_view>

#include "prescriptions/read.h"

namespace prescriptions {

struct ShippedFile {
  std::string_view name;  // "pillow-830-numpy.yaml"
  std::string_view text;
};

std::span<const ShippedFile> shipped_rules();  // sorted by name

// The same compiled: used in place.
std::string_view shipped_compiled();

// The same as documents of the namespace "seshat", for read_documents().
std::vector<Document> shipped_documents();

}  // namespace prescriptions

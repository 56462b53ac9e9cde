// One document: its lists of units, and the metadata file of a directory. Private to the reader.
#pragma once

#include <string>
#include <vector>

#include "prescriptions/read.h"

namespace prescriptions {

// What one document holds. `path` of a unit is that of its place in the document, for faults found
// later.
struct DocumentUnits {
  std::vector<Unit> units;
  std::vector<std::string> paths;
  std::vector<Fault> errors;
  std::vector<Fault> warnings;
};
DocumentUnits read_document(const Document& document, std::uint32_t file);

struct PrescriptionMetadata {
  std::string name;  // empty: not given
  std::string release;
};
PrescriptionMetadata read_metadata(const Document& document, std::vector<Fault>& errors,
                                   std::vector<Fault>& warnings);

}  // namespace prescriptions

// Finds the documents of files and directories on disk. Private to the reader.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "prescriptions/read.h"

namespace prescriptions {

struct FoundFile {
  std::string path;
  std::string prescription;
};

// In load order. What can't be read becomes an error.
std::vector<FoundFile> find_files(std::span<const std::string> sources, std::vector<Fault>& errors,
                                  std::vector<Fault>& warnings);

// The text of a regular file of at most kLargestDocument bytes; else an error and false.
bool read_text(const std::string& path, std::string& text, std::vector<Fault>& errors);

}  // namespace prescriptions

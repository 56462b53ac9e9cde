// Finds the documents of files and directories on disk.
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

// A line for each document of the sources that changes when it is written: path, size, inode and
// times. `newest` becomes the latest of those, in seconds.
std::string describe_sources(std::span<const std::string> sources, std::int64_t& newest);

// The text of a regular file of at most kLargestDocument bytes; else an error and false.
bool read_text(const std::string& path, std::string& text, std::vector<Fault>& errors);

}  // namespace prescriptions

// YAML documents -> units. Finds every fault of a run, each with file, line, column and the path of
// the field. Reads as the original does, YAML 1.1 (`yes` is a boolean, `010` is 8), but admits core
// tags only and bounds depth, size and the expansion of aliases.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "prescriptions/unit.h"

namespace prescriptions {

struct Fault {
  std::string code;  // "unknown_key"; stable
  std::string message;
  std::string file;
  int line = 0;  // from 1; 0 when the file itself could not be read
  int column = 0;
  std::string path;  // "units.steps[0].run.scores"
};

struct Reading {
  Rulebook book;
  std::vector<Fault> errors;    // sorted by file, line, column
  std::vector<Fault> warnings;  // what lint (lint.h) adds to
  std::size_t documents = 0;
  std::string contents;  // a line for each document that changes with its bytes; for a digest
};

// A document in memory; `file` is what a person is told.
struct Document {
  std::string file;
  std::string text;
  std::string prescription = "UNKNOWN";  // the namespace
};

// `sources` are files or directories (recursive, sorted by path, entries with a leading dot are
// skipped). A directory's _prescription_metadata.yaml names the namespace of all below it. Broken
// documents contribute no units.
Reading read(std::span<const std::string> sources);
Reading read_documents(std::span<const Document> documents);

// The first error as one of ours, ready to be printed; only if there is one.
pep::Error error_of(const Reading& reading);

}  // namespace prescriptions

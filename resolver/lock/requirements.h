// What a user asks for, whatever file said it: requirements, constraints and the options that a
// file may carry. Plain values; knows nothing of indexes or targets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/requirement.h"
#include "pep/result.h"

namespace resolver::lock {

// Where the distribution of a requirement comes from.
enum class Origin {
  kIndex,           // "flask>=3"
  kUrl,             // "flask @ https://…/flask-3.0.3-py3-none-any.whl", or the URL alone
  kPath,            // "./wheels/flask-3.0.3-py3-none-any.whl", ".", "file:///…"
  kVersionControl,  // "git+https://…"
};

struct RootRequirement {
  pep::Requirement requirement;  // its name is empty if a URL or path is all that was given
  Origin origin = Origin::kIndex;
  pep::Place place;
  std::string excerpt;  // the line at `place`
  bool constraint = false;
  bool develop = false;  // of a group for development
  bool editable = false;
  std::string index;                // a Pipfile's `index`: the name of one of `named_indexes`
  std::vector<std::string> hashes;  // "sha256:…", from --hash, or of the files of a lock
  std::vector<std::string> files;   // what `hashes` are of, where a lock has names for all
};

struct NamedIndex {
  std::string name;
  std::string url;
  bool verify_ssl = true;
};

// Options that a file may carry; the command line overrules them. Names are normalised, or ":all:".
struct FileOptions {
  std::optional<std::string> index_url;
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;  // paths are relative to the working directory, or absolute
  std::vector<std::string> trusted_hosts;
  std::vector<std::string> only_binary;
  std::vector<std::string> no_binary;
  std::vector<std::pair<pep::Name, std::string>> only_index;  // names that one URL answers for
  bool no_index = false;
  bool pre = false;
  bool prefer_binary = false;
  bool require_hashes = false;
};

struct FileRead {
  std::string path;  // as it was opened
  std::string text;  // whole, for digests
};

struct Requirements {
  std::vector<RootRequirement> requirements;  // in the order of the files
  std::vector<RootRequirement> constraints;
  FileOptions options;
  std::vector<NamedIndex> named_indexes;  // sources of a Pipfile
  std::string requires_python;            // as the manifest spells it; may be empty
  std::vector<std::string> warnings;      // what was accepted and has no effect here
  std::vector<FileRead> files_read;       // in the order of reading
};

}  // namespace resolver::lock

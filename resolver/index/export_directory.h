// A directory that takes its place when it is whole: made under a passing name, renamed at the end.
// Knows nothing of what is put into it. Internal to index_export.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace resolver::index {

class ExportDirectory {
 public:
  // To become `parent`/`name`. What `parent` holds otherwise is left alone; without `force` it must
  // hold nothing.
  static pep::Result<std::unique_ptr<ExportDirectory>> make(const std::string& parent,
                                                            const std::string& name, bool force);
  ~ExportDirectory();  // what did not take its place is removed
  ExportDirectory(const ExportDirectory&) = delete;
  ExportDirectory& operator=(const ExportDirectory&) = delete;

  // Below it; the names are relative.
  pep::Status make_directory(const std::string& name);
  pep::Status write(const std::string& name, std::string_view bytes);
  pep::Status copy(const std::string& from, const std::string& name);
  // Replaces what has the name.
  pep::Status finish();

 private:
  ExportDirectory(std::string path, std::string target)
      : path_(std::move(path)), target_(std::move(target)) {}

  std::string path_;
  const std::string target_;
  int lock_ = -1;  // held while it is being made
};

}  // namespace resolver::index

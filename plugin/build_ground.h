// What a step of a build stands on, whatever user it runs as: a passing directory, a HOME that can
// be written, an umask under which any user can read what is installed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/direct/process.h"

namespace plugin {

class BuildGround {
 public:
  // Changes umask, HOME and PYTHONDONTWRITEBYTECODE of this process.
  static pep::Result<BuildGround> prepare();
  const std::string& scratch() const { return scratch_.path(); }
  std::string directory(const std::string& name) const { return scratch_.directory(name); }

 private:
  explicit BuildGround(direct::Scratch scratch) : scratch_(std::move(scratch)) {}
  direct::Scratch scratch_;
};

// The directories of this process's PATH.
std::vector<std::string> search_path();

// SOURCE_DATE_EPOCH; none if it is not set.
std::optional<std::int64_t> source_date();
// Files and directories below that are newer get that time, so that the same tree is the same
// layer.
void set_times(const std::string& directory, std::int64_t time);

}  // namespace plugin

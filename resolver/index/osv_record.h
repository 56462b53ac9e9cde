// One OSV record as plain values. Knows no versions and no packages.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pep/result.h"

namespace resolver::index {

struct OsvRecord {
  struct Range {
    std::string type;
    std::vector<std::pair<std::string, std::string>> events;  // "introduced", "1.0"
  };
  struct Package {
    std::string ecosystem;
    std::string name;
    std::vector<Range> ranges;
    std::vector<std::string> versions;
    std::vector<std::pair<std::string, std::string>> severity;  // type, score
  };
  std::string id;
  bool withdrawn = false;
  std::string summary;
  std::string details;
  std::vector<std::string> aliases;
  std::vector<std::pair<std::string, std::string>> severity;
  std::string severity_in_words;
  std::vector<std::pair<std::string, std::string>> references;  // type, URL
  std::vector<Package> affected;
};

class OsvParser {
 public:
  OsvParser();
  ~OsvParser();
  // Malformed, without the file's name.
  pep::Result<OsvRecord> parse(const std::string& json);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace resolver::index

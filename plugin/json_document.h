// Single values of a JSON document that is small, by their path. Knows nothing of what they mean.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"
#include "prescriptions/yaml_tree.h"

namespace plugin {

// A whole file; not_found if it cannot be read.
pep::Result<std::string> read_text_file(const std::string& path);

class JsonDocument {
 public:
  explicit JsonDocument(std::string_view text);
  bool good() const { return faults_.empty(); }
  // The scalar there; of a list the first item, whatever its key is said to be. Empty if there is
  // none.
  std::string at(std::initializer_list<std::string_view> path) const;

 private:
  std::vector<prescriptions::YamlFault> faults_;
  prescriptions::YamlTree tree_;  // JSON is YAML
};

}  // namespace plugin

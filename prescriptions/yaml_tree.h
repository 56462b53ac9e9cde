// A YAML document as a tree with places, built from yaml-cpp's events (three times as fast as its
// nodes). Aliases stay references, so an alias bomb costs nothing until it is walked; who walks
// bounds it. Knows no schema.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "prescriptions/yaml_scalar.h"

namespace prescriptions {

struct YamlFault {
  std::string code;
  std::string message;
  int line = 0;  // from 1
  int column = 0;
};

// The largest document, and the deepest nesting, that are read.
inline constexpr std::size_t kLargestDocument = 4U << 20U;
inline constexpr int kDeepestNesting = 64;

class YamlTree {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNone = UINT32_MAX;
  enum class Type : std::uint8_t { kScalar, kSequence, kMap };

  struct Node {
    Type type = Type::kScalar;
    ScalarType scalar = ScalarType::kNull;
    bool is_alias = false;  // stands for `child`
    int line = 0;           // from 1
    int column = 0;
    std::uint32_t begin = 0;  // a scalar's text
    std::uint32_t size = 0;   // of the text; or the number of children (a map's keys and values)
    Id child = kNone;         // the first one
    Id next = kNone;          // sibling; after a map's key comes its value
  };

  // What is wrong with the text goes to `faults`; without faults the tree is whole. An empty
  // document has a null root.
  static YamlTree parse(std::string_view text, std::vector<YamlFault>& faults);

  Id root() const { return root_; }
  const Node& node(Id id) const { return nodes_[id]; }  // as it stands, maybe an alias
  Id resolve(Id id) const { return nodes_[id].is_alias ? nodes_[id].child : id; }
  std::string_view text(const Node& node) const {
    return std::string_view(texts_).substr(node.begin, node.size);
  }
  std::size_t size() const { return nodes_.size(); }

 private:
  friend class YamlTreeBuilder;
  std::vector<Node> nodes_;
  std::string texts_;
  Id root_ = kNone;
};

}  // namespace prescriptions

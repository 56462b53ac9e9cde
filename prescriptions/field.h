// Reads typed values out of a YAML document and collects every fault with its place and the field's
// path. Knows no schema; read_*.cc say what is expected where.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prescriptions/read.h"
#include "prescriptions/yaml_tree.h"

namespace prescriptions {

// One document being read, and what was found wrong with it.
struct DocumentContext {
  const YamlTree& tree;
  const std::string& file;
  std::vector<Fault>& errors;
  std::vector<Fault>& warnings;
  std::size_t visits_left;            // bounds what aliases may expand to
  bool forgive_unknown_keys = false;  // they are warnings

  DocumentContext(const YamlTree& yaml, const std::string& name, std::vector<Fault>& wrong,
                  std::vector<Fault>& odd)
      : tree(yaml),
        file(name),
        errors(wrong),
        warnings(odd),
        visits_left(10000 + 16 * yaml.size()) {}
};

// A value and how one gets to it. Children point to their parent: keep it where it is while they
// live.
class Field {
 public:
  Field(DocumentContext& context, YamlTree::Id id)
      : context_(&context), id_(context.tree.resolve(id)) {}

  bool is_null() const {
    return node().type == YamlTree::Type::kScalar && node().scalar == ScalarType::kNull;
  }
  bool is_map() const { return node().type == YamlTree::Type::kMap; }
  bool is_list() const { return node().type == YamlTree::Type::kSequence; }
  bool is_scalar(ScalarType type) const {
    return node().type == YamlTree::Type::kScalar && node().scalar == type;
  }
  std::size_t size() const { return node().size; }  // items of a list
  int line() const { return node().line; }
  int column() const { return node().column; }
  DocumentContext& context() const { return *context_; }
  const YamlTree::Node& node() const { return context_->tree.node(id_); }
  std::string_view text() const { return context_->tree.text(node()); }

  // Each: the value, or a fault and nothing.
  std::optional<std::string> string() const;      // not empty
  std::optional<std::string> any_string() const;  // may be empty
  std::optional<bool> boolean() const;
  std::optional<std::int64_t> integer() const;
  std::optional<double> floating() const;  // 1.0; never 1, as in the original
  // The number of one of `words`.
  std::optional<std::size_t> one_of(std::initializer_list<std::string_view> words) const;

  // The items of a list; a fault and none if it is no list, or shorter than `least`.
  std::vector<Field> list(std::size_t least) const;
  // A value that may stand alone or in a non-empty list.
  std::vector<Field> one_or_list() const;

  void error(std::string code, std::string message) const;
  void warning(std::string code, std::string message) const;
  void expected(std::string_view what) const;  // the fault of a wrong type
  std::string path() const;
  std::string describe() const;  // "the number 7"

 private:
  friend class FieldMap;
  Field(const Field& up, std::string_view key, YamlTree::Id id)
      : context_(up.context_), id_(up.context_->tree.resolve(id)), up_(&up), key_(key) {}
  Field(const Field& up, int index, YamlTree::Id id)
      : context_(up.context_), id_(up.context_->tree.resolve(id)), up_(&up), index_(index) {}

  DocumentContext* context_;
  YamlTree::Id id_;
  const Field* up_ = nullptr;
  std::string_view key_;
  int index_ = -1;
};

// The entries of a map, merge keys applied. Keys that nobody took are faults.
class FieldMap {
 public:
  // A fault, and no entries, if `field` is no map.
  explicit FieldMap(const Field& field);
  // Temporary parents would leave their children without a path.
  explicit FieldMap(Field&&) = delete;

  bool valid() const { return valid_; }
  bool empty() const { return entries_.empty(); }
  bool has(std::string_view key) const;
  std::optional<Field> optional(std::string_view key);  // `key` must outlive this: a literal
  std::optional<Field> required(std::string_view key);  // a fault if it is not there
  void refuse_others();                                 // faults for what was not taken
  std::vector<std::pair<std::string, Field>> all();     // takes all, in order
  // A fault if both are there.
  void exclude(std::string_view one, std::string_view other);

 private:
  struct Entry {
    std::string_view key;
    YamlTree::Id key_id;
    YamlTree::Id value;
    bool taken = false;
  };
  void add(YamlTree::Id map, int depth, bool merged);
  void merge(YamlTree::Id value, int depth);
  Entry* find(std::string_view key);
  void fault_at(YamlTree::Id id, std::string_view key, std::string code, std::string message) const;

  const Field& field_;
  std::vector<Entry> entries_;
  std::vector<std::string_view> asked_;  // literals of the caller, for "did you mean"
  bool valid_ = false;
};

// Levenshtein's nearest of `words`, for "did you mean"; empty if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace prescriptions

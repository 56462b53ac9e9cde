// The only place that names yaml-cpp. What PyYAML (the original's reader) refuses and yaml-cpp lets
// pass is refused here.
#include "prescriptions/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>
#include <unordered_map>
#include <unordered_set>

#include "fmt/format.h"
#include "prescriptions/text_check.h"

namespace prescriptions {
namespace {

constexpr std::string_view kCorePrefix = "tag:yaml.org,2002:";

// A stream over text that is somewhere already.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // never written: there is no put area
    setg(begin, begin, begin + text.size());
  }
};

int line_of(const YAML::Mark& mark) { return mark.line + 1; }
int column_of(const YAML::Mark& mark) { return mark.column + 1; }

}  // namespace

class YamlTreeBuilder : public YAML::EventHandler {
 public:
  YamlTreeBuilder(YamlTree& tree, std::vector<YamlFault>& faults) : tree_(tree), faults_(faults) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 1)
      fault("several_documents", "a second document begins here; a file holds one", mark);
    is_ignoring_ = documents_ > 1;
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    if (!is_ignoring_ && !names_.insert(name).second) {
      fault("duplicate_anchor", fmt::format("the anchor \"{}\" is there already", name), mark);
    }
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlTree::Node node = at(mark);
    node.scalar = ScalarType::kNull;
    finish(add(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlTree::Node node = at(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      fault("recursive_alias", "this alias stands inside what it names", mark);
      add(node);
      return;
    }
    node.is_alias = true;
    node.child = tree_.resolve(found->second);
    add(node);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlTree::Node node = at(mark);
    node.scalar = scalar_type(mark, tag, value);
    node.begin = static_cast<std::uint32_t>(tree_.texts_.size());
    node.size = static_cast<std::uint32_t>(value.size());
    if (!is_ignoring_) tree_.texts_ += value;
    finish(add(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(YamlTree::Type::kSequence, mark, tag, "seq", anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(YamlTree::Type::kMap, mark, tag, "map", anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlTree::Id id;
    YamlTree::Id last_child;
    YAML::anchor_t anchor;
  };

  void fault(std::string code, std::string message, const YAML::Mark& mark) {
    faults_.push_back({std::move(code), std::move(message), line_of(mark), column_of(mark)});
  }

  static YamlTree::Node at(const YAML::Mark& mark) {
    YamlTree::Node node;
    node.line = line_of(mark);
    node.column = column_of(mark);
    return node;
  }

  YamlTree::Id add(const YamlTree::Node& node) {
    if (is_ignoring_) return YamlTree::kNone;
    const auto id = static_cast<YamlTree::Id>(tree_.nodes_.size());
    tree_.nodes_.push_back(node);
    if (stack_.empty()) {
      tree_.root_ = id;
      return id;
    }
    Open& parent = stack_.back();
    const bool is_key = tree_.nodes_[parent.id].type == YamlTree::Type::kMap &&
                        tree_.nodes_[parent.id].size % 2 == 0;
    if (is_key && tree_.nodes_[tree_.resolve(id)].type != YamlTree::Type::kScalar) {
      faults_.push_back(
          {"wrong_type", "a key must be a text, not a list or a map", node.line, node.column});
    }
    if (parent.last_child == YamlTree::kNone) {
      tree_.nodes_[parent.id].child = id;
    } else {
      tree_.nodes_[parent.last_child].next = id;
    }
    parent.last_child = id;
    ++tree_.nodes_[parent.id].size;
    return id;
  }

  void finish(YamlTree::Id id, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor && id != YamlTree::kNone) anchors_[anchor] = id;
  }

  void open(YamlTree::Type type, const YAML::Mark& mark, const std::string& tag,
            std::string_view core, YAML::anchor_t anchor) {
    ++depth_;
    if (is_ignoring_) return;
    if (depth_ > kDeepestNesting) {
      fault("too_deep", fmt::format("nested deeper than {} levels", kDeepestNesting), mark);
      is_ignoring_ = true;
      return;
    }
    if (tag != "?" && tag != "!" && !tag.empty() &&
        tag != std::string(kCorePrefix) + std::string(core)) {
      refuse_tag(mark, tag);
    }
    YamlTree::Node node = at(mark);
    node.type = type;
    stack_.push_back({add(node), YamlTree::kNone, anchor});
  }

  void close() {
    --depth_;
    if (is_ignoring_) return;
    finish(stack_.back().id, stack_.back().anchor);
    stack_.pop_back();
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    fault("unknown_tag",
          fmt::format(
              "the tag \"{}\" is none of YAML's core tags; quote the text if it is a string", tag),
          mark);
  }

  ScalarType scalar_type(const YAML::Mark& mark, const std::string& tag, std::string_view value) {
    if (tag == "?") {
      const ScalarType type = plain_scalar_type(value);
      if (type == ScalarType::kValue)
        fault("value_token", "a plain \"=\" has no meaning; quote it", mark);
      return type;
    }
    if (tag == "!") return ScalarType::kString;
    const std::string_view core = std::string_view(tag).starts_with(kCorePrefix)
                                      ? std::string_view(tag).substr(kCorePrefix.size())
                                      : std::string_view();
    if (core == "str") return ScalarType::kString;
    const ScalarType type = plain_scalar_type(value);
    if (core == "null") return ScalarType::kNull;
    if ((core == "bool" && type == ScalarType::kBool) ||
        (core == "int" && type == ScalarType::kInt) ||
        (core == "timestamp" && type == ScalarType::kTimestamp)) {
      return type;
    }
    if (core == "float" && (type == ScalarType::kFloat || type == ScalarType::kInt))
      return ScalarType::kFloat;
    if (core == "bool" || core == "int" || core == "float" || core == "timestamp") {
      fault("wrong_type", fmt::format("\"{}\" is not what its tag says: {}", value, core), mark);
    } else {
      refuse_tag(mark, tag);
    }
    return ScalarType::kString;
  }

  YamlTree& tree_;
  std::vector<YamlFault>& faults_;
  std::vector<Open> stack_;
  std::unordered_map<YAML::anchor_t, YamlTree::Id> anchors_;
  std::unordered_set<std::string> names_;  // of anchors
  int documents_ = 0;
  int depth_ = 0;
  bool is_ignoring_ = false;
};

namespace {

// YAML ends lines with a lone carriage return too; yaml-cpp does not.
bool normalize_line_ends(std::string_view text, std::string& normal) {
  bool found = false;
  for (std::size_t at = text.find('\r'); at != std::string_view::npos;
       at = text.find('\r', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] == '\n') continue;
    if (!found) normal = text;
    found = true;
    normal[at] = '\n';
  }
  return found;
}

// yaml-cpp keeps some 200 bytes for each bracket that it has not seen the end of. Brackets in texts
// count here too, so the bound is far above what can be nested.
bool has_too_many_open_brackets(std::string_view text) {
  constexpr int kMost = 10000;
  int open = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (open > kMost) return true;
  }
  return false;
}

}  // namespace

YamlTree YamlTree::parse(std::string_view text, std::vector<YamlFault>& faults) {
  YamlTree tree;
  if (text.size() > kLargestDocument) {
    faults.push_back({"too_large", fmt::format("larger than {} bytes", kLargestDocument), 1, 1});
    return tree;
  }
  if (const auto bad = find_bad_text(text)) {
    faults.push_back({"yaml_syntax", bad->message, bad->line, bad->column});
    return tree;
  }
  if (has_too_many_open_brackets(text)) {
    faults.push_back(
        {"too_deep", fmt::format("nested deeper than {} levels", kDeepestNesting), 1, 1});
    return tree;
  }
  std::string normal;
  if (normalize_line_ends(text, normal)) text = normal;
  tree.nodes_.reserve(text.size() / 16 + 8);
  tree.texts_.reserve(text.size());
  YamlTreeBuilder builder(tree, faults);
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder) && faults.empty()) {
    }
  } catch (const YAML::Exception& failure) {
    faults.push_back({"yaml_syntax", failure.msg, line_of(failure.mark), column_of(failure.mark)});
  } catch (const std::exception& failure) {  // std::bad_alloc and the like out of the library
    faults.push_back({"yaml_syntax", failure.what(), 1, 1});
  }
  if (tree.root_ == kNone && faults.empty()) {
    Node node;
    node.line = node.column = 1;
    tree.nodes_.push_back(node);
    tree.root_ = static_cast<Id>(tree.nodes_.size() - 1);
  }
  return tree;
}

}  // namespace prescriptions

#include "tests/cases/rule_case.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "prescriptions/yaml_tree.h"
#include "tests/support/temp_directory.h"

namespace cases {
namespace {

using prescriptions::YamlTree;

// Children of a node as (key, value), keys empty in a list.
class Reader {
 public:
  Reader(const YamlTree& tree, std::string file) : tree_(tree), file_(std::move(file)) {}

  std::string text(YamlTree::Id id) const {
    const auto& node = tree_.node(tree_.resolve(id));
    return std::string(tree_.text(node));
  }
  template <class Use>
  void each(YamlTree::Id id, const Use& use) const {
    const auto& node = tree_.node(tree_.resolve(id));
    for (YamlTree::Id child = node.child; child != YamlTree::kNone;) {
      const YamlTree::Id key = child;
      if (node.type == YamlTree::Type::kMap) child = tree_.node(child).next;
      use(node.type == YamlTree::Type::kMap ? text(key) : std::string(), child);
      child = tree_.node(child).next;
    }
  }
  std::vector<std::string> texts(YamlTree::Id id) const {
    std::vector<std::string> found;
    each(id, [&](const std::string&, YamlTree::Id item) { found.push_back(text(item)); });
    return found;
  }
  bool is_list(YamlTree::Id id) const {
    return tree_.node(tree_.resolve(id)).type == YamlTree::Type::kSequence;
  }

  std::vector<support::Release> releases(YamlTree::Id id) const {
    std::vector<support::Release> found;
    each(id, [&](const std::string& key, YamlTree::Id value) {
      const std::size_t blank = key.find(' ');
      support::Release made{.name = key.substr(0, blank), .version = key.substr(blank + 1)};
      made.needs = texts(value);
      if (const std::size_t mark = made.version.find(' '); mark != std::string::npos) {
        made.version.resize(mark);  // "a 1.0 unfit": no file for the target
        made.tags = {"cp311-cp311-win_amd64"};
      }
      for (const std::string& need : made.needs) {
        const std::size_t extra = need.find("extra == '");
        if (extra == std::string::npos) continue;
        made.extras.push_back(need.substr(extra + 10, need.find('\'', extra + 10) - extra - 10));
      }
      found.push_back(std::move(made));
    });
    return found;
  }

  RuleCase read(YamlTree::Id id) const {
    RuleCase made;
    each(id, [&](const std::string& key, YamlTree::Id value) {
      if (key == "case")
        made.name = file_ + ": " + text(value);
      else if (key == "index")
        made.index = releases(value);
      else if (key == "other")
        made.other = releases(value);
      else if (key == "ask")
        made.ask = texts(value);
      else if (key == "develop")
        made.develop = texts(value);
      else if (key == "constraints")
        made.constraints = texts(value);
      else if (key == "rules")
        made.rules = text(value);
      else if (key == "environment")
        made.environment = text(value);
      else if (key == "type")
        made.type = text(value);
      else if (key == "count")
        made.count = text(value);
      else if (key == "refused")
        made.refused = texts(value);
      else if (key == "stack_info")
        made.stack_info = texts(value);
      else if (key == "justification")
        made.justification = texts(value);
      else if (key == "locked_develop")
        made.locked_develop = texts(value);
      else if (key == "score")
        made.score = std::stod(text(value));
      else if (key == "visited")
        made.visited = std::stoi(text(value));
      else if (key == "requires")
        each(value, [&](const std::string& name, YamlTree::Id list) {
          made.requires_[name] = texts(list);
        });
      else if (key == "locked")
        made.locked.push_back(texts(value));
      else if (key == "products")
        each(value,
             [&](const std::string&, YamlTree::Id list) { made.locked.push_back(texts(list)); });
      else
        throw std::runtime_error(file_ + ": unknown key " + key);
    });
    return made;
  }

 private:
  const YamlTree& tree_;
  std::string file_;
};

}  // namespace

std::vector<RuleCase> read_rule_cases(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<RuleCase> found;
  for (const std::string& path : paths) {
    std::vector<prescriptions::YamlFault> faults;
    const YamlTree tree = YamlTree::parse(support::read_file(path), faults);
    if (!faults.empty()) {
      throw std::runtime_error(path + ":" + std::to_string(faults[0].line) + ": " +
                               faults[0].message);
    }
    const Reader reader(tree, std::filesystem::path(path).stem());
    reader.each(tree.root(),
                [&](const std::string&, YamlTree::Id item) { found.push_back(reader.read(item)); });
  }
  return found;
}

}  // namespace cases

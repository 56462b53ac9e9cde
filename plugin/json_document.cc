#include "plugin/json_document.h"

#include "resolver/index/mapped_file.h"

namespace plugin {

using prescriptions::YamlTree;

pep::Result<std::string> read_text_file(const std::string& path) {
  const auto file = resolver::index::MappedFile::open(path);
  if (file) return std::string(file->bytes());
  return file.error();
}

JsonDocument::JsonDocument(std::string_view text) : tree_(YamlTree::parse(text, faults_)) {}

std::string JsonDocument::at(std::initializer_list<std::string_view> path) const {
  if (!good()) return {};
  auto id = tree_.root();
  for (const std::string_view key : path) {
    const YamlTree::Node& node = tree_.node(id);
    auto child = node.child;
    if (node.type == YamlTree::Type::kSequence) {
      id = child;
    } else if (node.type == YamlTree::Type::kMap) {
      id = YamlTree::kNone;
      while (child != YamlTree::kNone) {
        const auto value = tree_.node(child).next;
        if (tree_.text(tree_.node(child)) == key) id = value;
        child = tree_.node(value).next;
      }
    } else {
      return {};
    }
    if (id == YamlTree::kNone) return {};
  }
  return std::string(tree_.text(tree_.node(id)));
}

}  // namespace plugin

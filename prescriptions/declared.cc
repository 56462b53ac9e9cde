#include "prescriptions/declared.h"

#include <algorithm>
#include <utility>

#include "prescriptions/sources.h"

namespace prescriptions {

namespace {

pep::Error error_of_fault(const Fault& fault) {
  pep::Error error =
      pep::error(fault.code == "unreadable" ? pep::Fault::kNotFound : pep::Fault::kConfig,
                 fault.path.empty() ? fault.message : fault.path + ": " + fault.message);
  error.place = pep::Place{fault.file, fault.line, fault.column};
  return error;
}

}  // namespace

pep::Status read_declared_text(const std::string& text, const std::string& path,
                               const std::function<void(const Field&)>& use,
                               std::vector<Fault>* forgiven) {
  std::vector<YamlFault> yaml_faults;
  const YamlTree tree = YamlTree::parse(text, yaml_faults);
  std::vector<Fault> errors;
  std::vector<Fault> warnings;
  for (YamlFault& fault : yaml_faults) {
    errors.push_back(
        {std::move(fault.code), std::move(fault.message), path, fault.line, fault.column, ""});
  }
  if (errors.empty()) {
    DocumentContext context(tree, path, errors, warnings);
    context.forgive_unknown_keys = forgiven != nullptr;
    const Field root(context, tree.root());
    if (!root.is_null()) use(root);
  }
  if (forgiven != nullptr) *forgiven = std::move(warnings);
  if (errors.empty()) return pep::Done{};
  return error_of_fault(*std::ranges::min_element(
      errors, {}, [](const Fault& fault) { return std::pair(fault.line, fault.column); }));
}

pep::Status read_declared(const std::string& path, const std::function<void(const Field&)>& use) {
  std::string text;
  std::vector<Fault> errors;
  if (!read_text(path, text, errors)) return error_of_fault(errors.front());
  return read_declared_text(text, path, use);
}

}  // namespace prescriptions

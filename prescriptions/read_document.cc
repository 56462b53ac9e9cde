// The frame around units: `units`, its six lists, `metadata`; and _prescription_metadata.yaml.
#include "prescriptions/read_document.h"

#include <utility>

#include "fmt/format.h"
#include "prescriptions/read_parts.h"

namespace prescriptions {
namespace {

// Anything, under keys that are texts; ignored.
void skip_metadata(FieldMap& map) {
  const auto metadata = map.optional("metadata");
  if (!metadata) return;
  FieldMap entries(*metadata);
  if (entries.valid() && metadata->size() == 0) {
    metadata->error("empty", "metadata must not be empty; leave it out");
  }
}

std::optional<Unit> read_unit(const Field& field, Kind kind, const Document& document,
                              std::uint32_t file) {
  FieldMap map(field);
  if (!map.valid()) return std::nullopt;
  Unit unit;
  unit.origin = {file, field.line(), field.column()};
  if (const auto name = map.required("name")) unit.name = name->string().value_or("");
  unit.qualified = document.prescription + "." + unit.name;
  std::optional<Body> body;
  if (const auto type = map.required("type")) body = read_body(map, kind, *type);
  if (const auto condition = map.required("should_include")) {
    unit.should_include = std::make_shared<const ShouldInclude>(read_should_include(*condition));
  }
  skip_metadata(map);
  if (!body) return std::nullopt;  // without its type the other keys can't be judged
  map.refuse_others();
  unit.body = std::move(*body);
  return unit;
}

void read_units(const Field& units, const Document& document, std::uint32_t file,
                DocumentUnits& result) {
  FieldMap lists(units);
  for (std::size_t k = 0; k < kKinds; ++k) {
    const Kind kind = static_cast<Kind>(k);
    const auto list = lists.optional(plural_name_of(kind));
    if (!list) continue;
    for (const std::vector<Field> items = list->list(0); const Field& item : items) {
      auto unit = read_unit(item, kind, document, file);
      if (!unit) continue;
      result.paths.push_back(item.path());
      result.units.push_back(std::move(*unit));
    }
  }
  lists.refuse_others();
}

void take_faults(std::vector<YamlFault>& from, const std::string& file, std::vector<Fault>& into) {
  for (YamlFault& fault : from) {
    into.push_back(
        {std::move(fault.code), std::move(fault.message), file, fault.line, fault.column, ""});
  }
}

}  // namespace

DocumentUnits read_document(const Document& document, std::uint32_t file) {
  DocumentUnits result;
  std::vector<YamlFault> yaml_faults;
  const YamlTree tree = YamlTree::parse(document.text, yaml_faults);
  if (!yaml_faults.empty()) {
    take_faults(yaml_faults, document.file, result.errors);
    return result;
  }
  DocumentContext context(tree, document.file, result.errors, result.warnings);
  const Field root(context, tree.root());
  FieldMap map(root);
  if (const auto units = map.required("units")) read_units(*units, document, file, result);
  skip_metadata(map);
  map.refuse_others();
  constexpr std::size_t kMostErrors = 1000;  // of one document; nobody reads more
  if (result.errors.size() > kMostErrors) {
    result.errors.resize(kMostErrors);
    root.error("too_many", "there are more errors; they are not listed");
  }
  if (!result.errors.empty()) {
    result.units.clear();
    result.paths.clear();
  }
  return result;
}

PrescriptionMetadata read_metadata(const Document& document, std::vector<Fault>& errors,
                                   std::vector<Fault>& warnings) {
  PrescriptionMetadata metadata;
  std::vector<YamlFault> yaml_faults;
  const YamlTree tree = YamlTree::parse(document.text, yaml_faults);
  take_faults(yaml_faults, document.file, errors);
  if (!errors.empty()) return metadata;
  DocumentContext context(tree, document.file, errors, warnings);
  const Field root(context, tree.root());
  FieldMap map(root);
  const auto prescription = map.required("prescription");
  if (!prescription) return metadata;
  FieldMap fields(*prescription);
  if (const auto name = fields.optional("name")) {
    metadata.name = name->string().value_or("");
  } else {
    prescription->warning("missing_key",
                          "the prescription has no name; its units are called UNKNOWN.NAME");
  }
  if (const auto release = fields.optional("release"))
    metadata.release = release->string().value_or("");
  return metadata;
}

}  // namespace prescriptions

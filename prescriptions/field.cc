// Typed values of one YAML document, with their faults.
#include "prescriptions/field.h"

#include <algorithm>
#include <numeric>

#include "fmt/format.h"

namespace prescriptions {
namespace {

constexpr std::size_t kShownText = 60;  // of a value, in a message

std::string shortened(std::string_view text) {
  if (text.size() <= kShownText) return std::string(text);
  std::size_t end = kShownText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;  // whole characters
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& words) {
  if (word.size() > 64) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : words) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t replaced = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = candidate;
    }
  }
  return best;
}

std::string Field::path() const {
  if (up_ == nullptr) return {};
  std::string path = up_->path();
  if (index_ >= 0) return path + fmt::format("[{}]", index_);
  if (!path.empty()) path += '.';
  return path.append(shortened(key_));
}

std::string Field::describe() const {
  if (is_map()) return "a map";
  if (is_list()) return "a list";
  switch (node().scalar) {
    case ScalarType::kNull:
      return "null";
    case ScalarType::kBool:
      return fmt::format("the boolean \"{}\"", shortened(text()));
    case ScalarType::kInt:
    case ScalarType::kFloat:
      return fmt::format("the number {}", shortened(text()));
    case ScalarType::kTimestamp:
      return fmt::format("the date {}", shortened(text()));
    default:
      return fmt::format("the text \"{}\"", shortened(text()));
  }
}

void Field::error(std::string code, std::string message) const {
  context_->errors.push_back(
      {std::move(code), std::move(message), context_->file, line(), column(), path()});
}

void Field::warning(std::string code, std::string message) const {
  context_->warnings.push_back(
      {std::move(code), std::move(message), context_->file, line(), column(), path()});
}

void Field::expected(std::string_view what) const {
  const bool quotable = what.find("text") != std::string_view::npos &&
                        node().type == YamlTree::Type::kScalar &&
                        node().scalar != ScalarType::kNull && node().scalar != ScalarType::kString;
  error("wrong_type",
        fmt::format("expected {}, not {}{}", what, describe(), quotable ? "; quote it" : ""));
}

std::optional<std::string> Field::any_string() const {
  if (!is_scalar(ScalarType::kString)) {
    expected("a text");
    return std::nullopt;
  }
  return std::string(text());
}

std::optional<std::string> Field::string() const {
  auto value = any_string();
  if (value && value->empty()) {
    error("empty", "must not be empty");
    return std::nullopt;
  }
  return value;
}

std::optional<bool> Field::boolean() const {
  if (!is_scalar(ScalarType::kBool)) {
    expected("true or false");
    return std::nullopt;
  }
  return bool_value(text());
}

std::optional<std::int64_t> Field::integer() const {
  if (!is_scalar(ScalarType::kInt)) {
    expected("a whole number");
    return std::nullopt;
  }
  const auto value = int_value(text());
  if (!value) error("bad_value", "the number is too large");
  return value;
}

std::optional<double> Field::floating() const {
  if (is_scalar(ScalarType::kInt)) {
    const auto whole = int_value(text());
    error("wrong_type", whole ? fmt::format("expected a number with a point: write {}.0", *whole)
                              : std::string("expected a number with a point"));
    return std::nullopt;
  }
  if (!is_scalar(ScalarType::kFloat)) {
    const bool is_exponent =
        is_scalar(ScalarType::kString) && text().find_first_of("eE.") != std::string_view::npos;
    if (is_exponent) {
      error("wrong_type",
            fmt::format(
                "expected a number, not {}: YAML 1.1 wants digits before the point, and a point "
                "and a sign where there is an exponent, as in -0.5 and 1.0e-1",
                describe()));
    } else {
      expected("a number with a point");
    }
    return std::nullopt;
  }
  const auto value = float_value(text());
  if (!value) error("bad_value", "the number cannot be represented");
  return value;
}

std::optional<std::size_t> Field::one_of(std::initializer_list<std::string_view> words) const {
  if (is_scalar(ScalarType::kString)) {
    const auto* found = std::find(words.begin(), words.end(), text());
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  error("bad_value", fmt::format("expected one of {}, not {}", fmt::join(words, ", "), describe()));
  return std::nullopt;
}

std::vector<Field> Field::list(std::size_t least) const {
  std::vector<Field> items;
  if (!is_list()) {
    expected("a list");
    return items;
  }
  if (size() < least) {
    error("empty", least == 1 ? std::string("the list must not be empty")
                              : fmt::format("the list must have at least {} items", least));
    return items;
  }
  items.reserve(size());
  int index = 0;
  for (YamlTree::Id id = node().child; id != YamlTree::kNone; id = context_->tree.node(id).next) {
    if (context_->visits_left == 0) {
      error("too_large", "aliases make this document too large");
      return items;
    }
    --context_->visits_left;
    items.push_back(Field(*this, index++, id));
  }
  return items;
}

std::vector<Field> Field::one_or_list() const {
  if (is_list()) return list(1);
  return {*this};
}

FieldMap::FieldMap(const Field& field) : field_(field) {
  if (!field.is_map()) {
    field.expected("a map");
    return;
  }
  valid_ = true;
  add(field.id_, 0, false);
}

void FieldMap::fault_at(YamlTree::Id id, std::string_view key, std::string code,
                        std::string message) const {
  const YamlTree::Node& node = field_.context().tree.node(id);
  std::string path = field_.path();
  if (!key.empty()) path += (path.empty() ? "" : ".") + shortened(key);
  field_.context().errors.push_back({std::move(code), std::move(message), field_.context().file,
                                     node.line, node.column, std::move(path)});
}

bool FieldMap::has(std::string_view key) const {
  return std::ranges::find(entries_, key, &Entry::key) != entries_.end();
}

// Own keys first, so that they win over merged ones; of merged ones the earlier map wins.
void FieldMap::add(YamlTree::Id map, int depth, bool merged) {
  DocumentContext& context = field_.context();
  constexpr std::size_t kMostKeys = 2000;  // no map of a prescription has more; lookups are linear
  std::vector<YamlTree::Id> merges;
  const YamlTree& tree = context.tree;
  for (YamlTree::Id key = tree.node(map).child; key != YamlTree::kNone;) {
    const YamlTree::Id value = tree.node(key).next;
    if (context.visits_left == 0 || entries_.size() > kMostKeys) {
      fault_at(map, {}, "too_large", "the map is too large, or aliases make it so");
      return;
    }
    --context.visits_left;
    const YamlTree::Node& node = tree.node(tree.resolve(key));
    if (node.type == YamlTree::Type::kScalar && node.scalar == ScalarType::kMerge) {
      merges.push_back(value);
    } else if (node.type != YamlTree::Type::kScalar || node.scalar != ScalarType::kString) {
      fault_at(key, {}, "wrong_type", "a key must be a text; quote it");
    } else if (!has(tree.text(node))) {
      entries_.push_back({tree.text(node), key, value});
    } else if (!merged) {
      fault_at(key, tree.text(node), "duplicate_key", "this key is in the map twice");
    }
    key = tree.node(value).next;
  }
  for (const YamlTree::Id value : merges) merge(value, depth + 1);
}

void FieldMap::merge(YamlTree::Id value, int depth) {
  const YamlTree& tree = field_.context().tree;
  const YamlTree::Id resolved = tree.resolve(value);
  const YamlTree::Node& node = tree.node(resolved);
  if (depth > 16) {
    fault_at(value, "<<", "too_deep", "merge keys nested too deeply");
  } else if (node.type == YamlTree::Type::kMap) {
    add(resolved, depth, true);
  } else if (node.type == YamlTree::Type::kSequence) {
    for (YamlTree::Id item = node.child; item != YamlTree::kNone; item = tree.node(item).next) {
      const YamlTree::Id target = tree.resolve(item);
      if (tree.node(target).type == YamlTree::Type::kMap) {
        add(target, depth, true);
      } else {
        fault_at(item, "<<", "wrong_type", "only maps can be merged");
      }
    }
  } else {
    fault_at(value, "<<", "wrong_type", "a merge key takes a map or a list of maps");
  }
}

FieldMap::Entry* FieldMap::find(std::string_view key) {
  const auto found = std::ranges::find(entries_, key, &Entry::key);
  return found == entries_.end() ? nullptr : &*found;
}

std::optional<Field> FieldMap::optional(std::string_view key) {
  asked_.push_back(key);
  Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  entry->taken = true;
  return Field(field_, entry->key, entry->value);
}

std::optional<Field> FieldMap::required(std::string_view key) {
  auto found = optional(key);
  if (!found && valid_) {
    std::string path = field_.path();
    path += (path.empty() ? "" : ".") + std::string(key);
    field_.context().errors.push_back({"missing_key", fmt::format("the key \"{}\" is missing", key),
                                       field_.context().file, field_.line(), field_.column(),
                                       std::move(path)});
  }
  return found;
}

void FieldMap::refuse_others() {
  for (const Entry& entry : entries_) {
    if (entry.taken) continue;
    const std::string_view meant = nearest(entry.key, asked_);
    const std::string remedy = meant.empty() ? fmt::format("; expected {}", fmt::join(asked_, ", "))
                                             : fmt::format("; did you mean \"{}\"?", meant);
    const std::string message = fmt::format("unknown key \"{}\"{}", shortened(entry.key),
                                            asked_.empty() ? std::string() : remedy);
    if (field_.context().forgive_unknown_keys) {
      Field(field_, entry.key, entry.value).warning("unknown_key", message);
    } else {
      fault_at(entry.key_id, entry.key, "unknown_key", message);
    }
  }
}

std::vector<std::pair<std::string, Field>> FieldMap::all() {
  std::vector<std::pair<std::string, Field>> fields;
  fields.reserve(entries_.size());
  for (Entry& entry : entries_) {
    entry.taken = true;
    fields.emplace_back(std::string(entry.key), Field(field_, entry.key, entry.value));
  }
  return fields;
}

void FieldMap::exclude(std::string_view one, std::string_view other) {
  if (find(one) == nullptr) return;
  const Entry* second = find(other);
  if (second == nullptr) return;
  fault_at(second->key_id, other, "exclusive_keys",
           fmt::format("\"{}\" and \"{}\" exclude each other; keep one of them", one, other));
}

}  // namespace prescriptions

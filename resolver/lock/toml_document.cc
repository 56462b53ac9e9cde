// The tables of a TOML 1.0 document, put together from what TomlCursor reads. Our own, because
// locks are read on every warm run and because manifests are untrusted: the library at hand takes
// four times as long and asserts on bad input.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "resolver/lock/toml_cursor.h"

namespace resolver::lock {
namespace {

using Made = Value::Made;

constexpr std::size_t kMostParts = 32;  // of a key
constexpr int kDeepest = 32;            // arrays and inline tables in one another

class Parser {
 public:
  explicit Parser(const SourceText& source) : cursor_(source) {}
  pep::Result<Value> parse();

 private:
  using Key = std::vector<std::string>;

  pep::Status line(Value& root);
  pep::Status header(Value& root);
  pep::Status key_value(Value& table, int depth);
  pep::Result<Key> key();
  pep::Result<Value> value(int depth);
  pep::Result<Value> array(int depth);
  pep::Result<Value> inline_table(int depth);

  Value* find(Value& table, const std::string& name);
  Value& add(Value& table, std::string name, Value value);
  Value new_table(Made made);
  // The table that part of a header leads to; null if it leads to something else.
  Value* through(Value& table, const std::string& name);
  Value* through_dotted(Value& table, const std::string& name);  // the same for a key with dots

  TomlCursor cursor_;
  Value* current_ = nullptr;  // the table that the last header named
  std::uint32_t last_id_ = 0;
  // Members of tables with many of them, by table and name: hostile tables may have millions.
  std::unordered_multimap<std::size_t, std::uint32_t> index_;
};

constexpr std::size_t kIndexed = 16;  // members from which a table is looked up in the index

std::size_t hash_of(const Value& table, std::string_view name) {
  return std::hash<std::string_view>()(name) ^ (table.id * std::size_t{0x9E3779B97F4A7C15U});
}

Value* Parser::find(Value& table, const std::string& name) {
  if (table.members.size() <= kIndexed) {
    const auto found = std::ranges::find(table.members, name, &Member::name);
    return found == table.members.end() ? nullptr : &found->value;
  }
  const auto [begin, end] = index_.equal_range(hash_of(table, name));
  for (auto at = begin; at != end; ++at) {
    if (at->second < table.members.size() && table.members[at->second].name == name)
      return &table.members[at->second].value;
  }
  return nullptr;
}

Value& Parser::add(Value& table, std::string name, Value value) {
  const auto index_member = [&](std::size_t number) {
    index_.emplace(hash_of(table, table.members[number].name), static_cast<std::uint32_t>(number));
  };
  if (table.members.empty()) table.members.reserve(6);  // what an entry of a lock has
  table.members.push_back({std::move(name), std::move(value)});
  const std::size_t count = table.members.size();
  if (count == kIndexed + 1) {
    for (std::size_t number = 0; number < count; ++number) index_member(number);
  } else if (count > kIndexed) {
    index_member(count - 1);
  }
  return table.members.back().value;
}

Value Parser::new_table(Made made) {
  Value table;
  cursor_.set_place(table);
  table.kind = Value::Kind::kTable;
  table.made = made;
  table.id = ++last_id_;
  return table;
}

pep::Result<Parser::Key> Parser::key() {
  Key parts;
  do {
    cursor_.skip_spaces();
    auto part = cursor_.read_key_part();
    if (!part) return std::move(part).error();
    parts.push_back(std::move(*part));
    if (parts.size() > kMostParts)
      return cursor_.error(fmt::format("a key of more than {} parts", kMostParts));
    cursor_.skip_spaces();
  } while (cursor_.take('.'));
  return parts;
}

Value* Parser::through(Value& table, const std::string& name) {
  Value* next = find(table, name);
  if (next == nullptr) return &add(table, name, new_table(Made::kImplicitly));
  if (next->is_array() && next->made == Made::kByArrayHeader) return &next->items.back();
  return next->is_table() && next->made != Made::kValue ? next : nullptr;
}

pep::Status Parser::header(Value& root) {
  const Value place = new_table(Made::kByHeader);
  const TomlCursor begin = cursor_;
  const bool is_array = cursor_.starts_with("[[");
  cursor_.skip(is_array ? 2 : 1);
  auto parts = key();
  if (!parts) return std::move(parts).error();
  if (!cursor_.take(']') || (is_array && !cursor_.take(']')))
    return cursor_.error(is_array ? "\"]]\" is missing" : "\"]\" is missing");
  const std::string name = std::move(parts->back());
  parts->pop_back();
  Value* table = &root;
  for (const std::string& part : *parts) {
    table = through(*table, part);
    if (table == nullptr)
      return begin.error(fmt::format("\"{}\" is a value already and can't be a table", part));
  }
  Value* known = find(*table, name);
  if (is_array) {
    if (known == nullptr) {
      Value array = place;
      array.kind = Value::Kind::kArray;
      array.made = Made::kByArrayHeader;
      known = &add(*table, name, std::move(array));
    }
    if (known->made != Made::kByArrayHeader)
      return begin.error(fmt::format("\"{}\" is no array of tables", name));
    known->items.push_back(place);
    known->items.back().id = ++last_id_;
    current_ = &known->items.back();
  } else if (known == nullptr) {
    current_ = &add(*table, name, place);
  } else if (known->is_table() && known->made == Made::kImplicitly) {
    known->made = Made::kByHeader;
    known->line = place.line;
    known->column = place.column;
    current_ = known;
  } else {
    return begin.error(fmt::format("\"{}\" stands twice", name));
  }
  return cursor_.end_line();
}

Value* Parser::through_dotted(Value& table, const std::string& name) {
  Value* next = find(table, name);
  if (next == nullptr) return &add(table, name, new_table(Made::kByDottedKey));
  if (next->made == Made::kImplicitly) next->made = Made::kByDottedKey;
  return next->is_table() && next->made == Made::kByDottedKey ? next : nullptr;
}

pep::Status Parser::key_value(Value& table, int depth) {
  cursor_.skip_spaces();
  const TomlCursor begin = cursor_;
  Value* place = &table;
  auto name = cursor_.read_key_part();
  for (std::size_t parts = 1; name; ++parts) {
    cursor_.skip_spaces();
    if (!cursor_.take('.')) break;
    if (parts == kMostParts)
      return begin.error(fmt::format("a key of more than {} parts", kMostParts));
    place = through_dotted(*place, *name);
    if (place == nullptr)
      return begin.error(fmt::format("\"{}\" can't be added to from here", *name));
    cursor_.skip_spaces();
    name = cursor_.read_key_part();
  }
  if (!name) return std::move(name).error();
  if (!cursor_.take('=')) return cursor_.error("\"=\" is missing after a key");
  if (find(*place, *name) != nullptr) return begin.error(fmt::format("\"{}\" stands twice", *name));
  cursor_.skip_spaces();
  auto read = value(depth);
  if (!read) return std::move(read).error();
  add(*place, std::move(*name), std::move(*read));
  return pep::Done{};
}

pep::Result<Value> Parser::value(int depth) {
  if (depth > kDeepest)
    return cursor_.error(fmt::format("more than {} values in one another", kDeepest));
  const char c = cursor_.peek();
  if (c == '[') return array(depth);
  if (c == '{') return inline_table(depth);
  if (c != '"' && c != '\'') return cursor_.read_scalar();
  Value value;
  cursor_.set_place(value);
  auto text = cursor_.read_string();
  if (!text) return std::move(text).error();
  value.kind = Value::Kind::kString;
  value.text = std::move(*text);
  return value;
}

pep::Result<Value> Parser::array(int depth) {
  Value array;
  cursor_.set_place(array);
  array.kind = Value::Kind::kArray;
  cursor_.skip(1);
  while (true) {
    if (auto status = cursor_.skip_blank(); !status) return std::move(status).error();
    if (cursor_.take(']')) return array;
    auto item = value(depth + 1);
    if (!item) return item;
    array.items.push_back(std::move(*item));
    if (auto status = cursor_.skip_blank(); !status) return std::move(status).error();
    if (cursor_.take(']')) return array;
    if (!cursor_.take(',')) return cursor_.error("\",\" or \"]\" is missing in an array");
  }
}

// What is in it may be built by dotted keys, and is closed with it.
void close(Value& table) {
  table.made = Made::kValue;
  for (Member& member : table.members) {
    if (member.value.is_table()) close(member.value);
  }
}

pep::Result<Value> Parser::inline_table(int depth) {
  Value table = new_table(Made::kValue);
  cursor_.skip(1);
  cursor_.skip_spaces();
  if (cursor_.take('}')) return table;
  while (true) {
    if (auto status = key_value(table, depth + 1); !status) return std::move(status).error();
    cursor_.skip_spaces();
    if (cursor_.take('}')) break;
    if (!cursor_.take(',')) return cursor_.error("\",\" or \"}\" is missing in an inline table");
  }
  close(table);
  return table;
}

pep::Status Parser::line(Value& root) {
  cursor_.skip_spaces();
  if (cursor_.peek() == '[') return header(root);
  const char c = cursor_.peek();
  if (!cursor_.at_end() && c != '#' && c != '\n' && c != '\r') {
    if (auto status = key_value(*current_, 0); !status) return status;
  }
  return cursor_.end_line();
}

pep::Result<Value> Parser::parse() {
  Value root = new_table(Made::kByHeader);
  current_ = &root;
  while (!cursor_.at_end()) {
    if (auto status = line(root); !status) return std::move(status).error();
  }
  return root;
}

}  // namespace

pep::Result<Value> parse_toml(const SourceText& source) { return Parser(source).parse(); }

}  // namespace resolver::lock

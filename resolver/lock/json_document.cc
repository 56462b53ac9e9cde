// JSON by nlohmann's event parser, so that no second tree is made. The only file of this room that
// knows that library.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "resolver/lock/document.h"

namespace resolver::lock {
namespace {

constexpr std::size_t kDeepest = 64;

// Builds the values; every call returns whether parsing goes on.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return put(Value{}); }
  bool boolean(bool boolean) {
    Value value;
    value.kind = Value::Kind::kBoolean;
    value.boolean = boolean;
    return put(std::move(value));
  }
  bool number_integer(number_integer_t integer) {
    Value value;
    value.kind = Value::Kind::kInteger;
    value.integer = integer;
    return put(std::move(value));
  }
  bool number_unsigned(number_unsigned_t number) {
    if (number <= static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return number_integer(static_cast<number_integer_t>(number));
    }
    return number_float(static_cast<number_float_t>(number), {});
  }
  bool number_float(number_float_t real, const string_t&) {
    Value value;
    value.kind = Value::Kind::kReal;
    value.real = real;
    return put(std::move(value));
  }
  bool string(string_t& text) {
    Value value;
    value.kind = Value::Kind::kString;
    value.text = std::move(text);
    return put(std::move(value));
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Value::Kind::kTable); }
  bool start_array(std::size_t) { return open(Value::Kind::kArray); }
  bool key(string_t& name) {
    names_.back() = std::move(name);
    return true;
  }
  bool end_object() {
    std::vector<std::string_view> names;
    for (const Member& member : open_.back().members) names.push_back(member.name);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice != names.end())
      return refuse(fmt::format("the key \"{}\" stands twice in a table", *twice));
    return close();
  }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    position_ = position;
    return refuse("no valid JSON");
  }

  const std::string& fault() const { return fault_; }
  std::size_t position() const { return position_; }
  Value take() { return std::move(root_); }

 private:
  bool refuse(std::string what) {
    fault_ = std::move(what);
    return false;
  }
  bool open(Value::Kind kind) {
    if (open_.size() >= kDeepest) return refuse(fmt::format("more than {} levels", kDeepest));
    Value value;
    value.kind = kind;
    open_.push_back(std::move(value));
    names_.emplace_back();
    return true;
  }
  bool close() {
    Value value = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    return put(std::move(value));
  }
  bool put(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_table()) {
      open_.back().members.push_back({std::move(names_.back()), std::move(value)});
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::vector<Value> open_;
  std::vector<std::string> names_;  // the key that waits for its value, for each open value
  Value root_;
  std::string fault_;
  std::size_t position_ = 0;
};

}  // namespace

pep::Result<Value> parse_json(const SourceText& source) {
  Builder builder;
  if (nlohmann::json::sax_parse(source.text(), &builder)) return builder.take();
  int line = 0;
  int column = 0;
  if (builder.position() > 0) {
    const std::size_t offset = std::min(builder.position() - 1, source.text().size());
    const std::string_view before = std::string_view(source.text()).substr(0, offset);
    line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
    const std::size_t start = before.rfind('\n');
    column = static_cast<int>(start == std::string_view::npos ? offset : offset - start - 1) + 1;
  }
  return source.error(pep::Fault::kMalformed, line, column, builder.fault());
}

}  // namespace resolver::lock

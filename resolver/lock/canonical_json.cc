// The layout of json.dumps; see canonical_json.h.
#include "resolver/lock/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "resolver/lock/utf8.h"

namespace resolver::lock {
namespace {

std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + offset]));
  };
  if (length == 2) return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
  if (length == 3) return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
}

void append_unit(std::string& out, std::uint32_t unit) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", unit);
}

void append_scalar(std::string& out, const Value& value) {
  switch (value.kind) {
    case Value::Kind::kBoolean:
      out += value.boolean ? "true" : "false";
      break;
    case Value::Kind::kInteger:
      out += std::to_string(value.integer);
      break;
    case Value::Kind::kReal:
      out += fmt::format("{}", value.real);
      if (out.find_first_of(".en", out.size() - fmt::formatted_size("{}", value.real)) ==
          std::string::npos)
        out += ".0";
      break;
    case Value::Kind::kString:
      append_json_string(out, value.text);
      break;
    default:
      out += "null";
      break;
  }
}

std::vector<const Member*> sorted_members(const Value& value) {
  std::vector<const Member*> members;
  for (const Member& member : value.members) members.push_back(&member);
  std::ranges::sort(members, {},
                    [](const Member* member) { return std::string_view(member->name); });
  return members;
}

void append_line(std::string& out, int depth) {
  out.push_back('\n');
  out.append(static_cast<std::size_t>(depth) * 4, ' ');
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t length = byte < 0x80 ? 1 : utf8_length(text, at);
    static constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
    static constexpr std::string_view kLetters = "\"\\bfnrt";
    if (const std::size_t special = kEscaped.find(c); special != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(kLetters[special]);
    } else if (byte < 0x20) {
      append_unit(out, byte);
    } else if (byte < 0x80) {
      out.push_back(c);
    } else if (length == 0) {
      append_unit(out, 0xDC00U + byte);  // as surrogateescape has it
    } else if (const std::uint32_t point = code_point(text, at, length); point >= 0x10000) {
      append_unit(out, 0xD800U + ((point - 0x10000) >> 10));
      append_unit(out, 0xDC00U + ((point - 0x10000) & 0x3FF));
    } else {
      append_unit(out, point);
    }
    at += std::max<std::size_t>(length, 1);
  }
  out.push_back('"');
}

void append_compact_json(std::string& out, const Value& value) {
  const char* separator = "";
  if (value.is_table()) {
    out.push_back('{');
    for (const Member* member : sorted_members(value)) {
      out += separator;
      append_json_string(out, member->name);
      out.push_back(':');
      append_compact_json(out, member->value);
      separator = ",";
    }
    out.push_back('}');
  } else if (value.is_array()) {
    out.push_back('[');
    for (const Value& item : value.items) {
      out += separator;
      append_compact_json(out, item);
      separator = ",";
    }
    out.push_back(']');
  } else {
    append_scalar(out, value);
  }
}

void append_indented_json(std::string& out, const Value& value, int depth) {
  const bool table = value.is_table();
  if (!table && !value.is_array()) return append_scalar(out, value);
  const bool empty = table ? value.members.empty() : value.items.empty();
  out.push_back(table ? '{' : '[');
  const char* separator = "";
  for (const Member* member : sorted_members(value)) {
    out += separator;
    append_line(out, depth + 1);
    append_json_string(out, member->name);
    out += ": ";
    append_indented_json(out, member->value, depth + 1);
    separator = ",";
  }
  for (const Value& item : value.items) {
    out += separator;
    append_line(out, depth + 1);
    append_indented_json(out, item, depth + 1);
    separator = ",";
  }
  if (!empty) append_line(out, depth);
  out.push_back(table ? '}' : ']');
}

}  // namespace resolver::lock

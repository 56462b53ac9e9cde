// The implicit types of YAML 1.1, matched by hand: a document has thousands of scalars and
// std::regex is slow.
#include "prescriptions/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace prescriptions {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Eats characters off the front of a text.
struct Scan {
  std::string_view rest;
  bool done() const { return rest.empty(); }
  bool eat(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool eat_sign() { return eat('-') || eat('+'); }
  template <class Predicate>
  std::size_t eat_while(Predicate predicate) {
    std::size_t count = 0;
    while (count < rest.size() && predicate(rest[count])) ++count;
    rest.remove_prefix(count);
    return count;
  }
  std::size_t eat_digits() { return eat_while(is_digit); }
};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, text) != words.end();
}

constexpr std::array<std::string_view, 9> kTrue = {"yes",  "Yes", "YES", "true", "True",
                                                   "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 9> kFalse = {"no",    "No",  "NO",  "false", "False",
                                                    "FALSE", "off", "Off", "OFF"};

bool is_digit_or_bar(char c) { return is_digit(c) || c == '_'; }

// ":59:59" after the first number; at least one part.
bool eat_sexagesimal(Scan& scan) {
  std::size_t parts = 0;
  while (scan.eat(':')) {
    const std::string_view before = scan.rest;
    const std::size_t digits = scan.eat_digits();
    if (digits == 0 || digits > 2 || (digits == 2 && before.front() > '5')) return false;
    ++parts;
  }
  return parts > 0;
}

bool is_int(std::string_view text) {
  Scan scan{text};
  scan.eat_sign();
  if (scan.done()) return false;
  if (scan.rest == "0") return true;
  if (scan.eat('0')) {
    if (scan.eat('b')) {
      return scan.eat_while([](char c) { return c == '0' || c == '1' || c == '_'; }) > 0 &&
             scan.done();
    }
    if (scan.eat('x')) {
      return scan.eat_while([](char c) {
        return is_digit_or_bar(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      }) > 0 &&
             scan.done();
    }
    return scan.eat_while([](char c) { return (c >= '0' && c <= '7') || c == '_'; }) > 0 &&
           scan.done();
  }
  if (!is_digit(scan.rest.front())) return false;
  scan.eat_while(is_digit_or_bar);
  return scan.done() || (eat_sexagesimal(scan) && scan.done());
}

// An exponent needs its sign: "1e3" and "1.0e3" are strings.
bool eat_exponent_or_end(Scan& scan) {
  if (scan.done()) return true;
  return (scan.eat('e') || scan.eat('E')) && scan.eat_sign() && scan.eat_digits() > 0 &&
         scan.done();
}

bool is_float(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  Scan scan{text};
  const bool is_signed = scan.eat_sign();
  if (scan.rest == ".inf" || scan.rest == ".Inf" || scan.rest == ".INF") return true;
  if (scan.done()) return false;
  if (scan.eat('.')) {  // ".5", but "-.5" is a string
    if (is_signed || scan.done() || !is_digit(scan.rest.front())) return false;
    scan.eat_while(is_digit_or_bar);
    return eat_exponent_or_end(scan);
  }
  if (!is_digit(scan.rest.front())) return false;
  scan.eat_while(is_digit_or_bar);
  if (!scan.done() && scan.rest.front() == ':') {
    if (!eat_sexagesimal(scan) || !scan.eat('.')) return false;
    scan.eat_while(is_digit_or_bar);
    return scan.done();
  }
  if (!scan.eat('.')) return false;
  scan.eat_while(is_digit_or_bar);
  return eat_exponent_or_end(scan);
}

bool eat_zone(Scan& scan) {
  scan.eat_while([](char c) { return c == ' ' || c == '\t'; });
  if (scan.done() || (scan.eat('Z') && scan.done())) return true;
  if (!scan.eat_sign()) return false;
  const std::size_t hours = scan.eat_digits();
  if (hours == 0 || hours > 2) return false;
  return scan.done() || (scan.eat(':') && scan.eat_digits() == 2 && scan.done());
}

bool is_timestamp(std::string_view text) {
  Scan scan{text};
  if (scan.eat_digits() != 4 || !scan.eat('-')) return false;
  const std::size_t month = scan.eat_digits();
  if (month == 0 || month > 2 || !scan.eat('-')) return false;
  const std::size_t day = scan.eat_digits();
  if (day == 0 || day > 2) return false;
  if (scan.done()) return month == 2 && day == 2;
  const bool has_letter = scan.eat('T') || scan.eat('t');
  if (!has_letter && scan.eat_while([](char c) { return c == ' ' || c == '\t'; }) == 0)
    return false;
  const std::size_t hour = scan.eat_digits();
  if (hour == 0 || hour > 2 || !scan.eat(':') || scan.eat_digits() != 2 || !scan.eat(':'))
    return false;
  if (scan.eat_digits() != 2) return false;
  if (scan.eat('.')) scan.eat_digits();
  return eat_zone(scan);
}

std::string without_bars(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

std::optional<std::int64_t> number(std::string_view digits, int base, bool negative) {
  std::uint64_t value = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  const auto result = static_cast<std::int64_t>(value);
  return negative ? -result : result;
}

}  // namespace

ScalarType plain_scalar_type(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return ScalarType::kNull;
  const char first = text.front();
  if (is_digit(first) || first == '-' || first == '+' || first == '.') {
    if (is_int(text)) return ScalarType::kInt;
    if (is_float(text)) return ScalarType::kFloat;
    if (is_timestamp(text)) return ScalarType::kTimestamp;
    return ScalarType::kString;
  }
  if (text.size() <= 5 && (is_one_of(text, kTrue) || is_one_of(text, kFalse)))
    return ScalarType::kBool;
  if (text == "<<") return ScalarType::kMerge;
  if (text == "=") return ScalarType::kValue;
  return ScalarType::kString;
}

bool bool_value(std::string_view text) { return is_one_of(text, kTrue); }

std::optional<std::int64_t> int_value(std::string_view text) {
  const std::string plain = without_bars(text);
  std::string_view digits = plain;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.starts_with("0b")) return number(digits.substr(2), 2, negative);
  if (digits.starts_with("0x")) return number(digits.substr(2), 16, negative);
  if (digits.size() > 1 && digits.starts_with('0')) return number(digits.substr(1), 8, negative);
  if (digits.find(':') == std::string_view::npos) return number(digits, 10, negative);
  std::int64_t value = 0;
  while (true) {
    const std::size_t colon = digits.find(':');
    const auto part = number(digits.substr(0, colon), 10, false);
    if (!part || value > (std::numeric_limits<std::int64_t>::max() - *part) / 60)
      return std::nullopt;
    value = value * 60 + *part;
    if (colon == std::string_view::npos) return negative ? -value : value;
    digits.remove_prefix(colon + 1);
  }
}

std::optional<double> float_value(std::string_view text) {
  std::string plain = without_bars(text);
  std::ranges::transform(plain, plain.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (plain.ends_with(".nan")) return std::numeric_limits<double>::quiet_NaN();
  if (plain.ends_with(".inf")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return plain.starts_with('-') ? -infinity : infinity;
  }
  std::string_view digits = plain;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  while (true) {
    const std::size_t colon = digits.find(':');
    double part = 0;
    const std::string_view piece = digits.substr(0, colon);
    const auto [end, failure] = std::from_chars(piece.data(), piece.data() + piece.size(), part);
    if (failure != std::errc() || end != piece.data() + piece.size()) return std::nullopt;
    value = value * 60 + part;
    if (colon == std::string_view::npos) return negative ? -value : value;
    digits.remove_prefix(colon + 1);
  }
}

}  // namespace prescriptions

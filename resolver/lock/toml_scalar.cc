// Numbers, booleans, dates and times of TOML.
#include <array>
#include <charconv>
#include <limits>

#include "resolver/lock/toml_cursor.h"

namespace resolver::lock {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Without the underscores, each of which must stand between two digits; nothing if one does not.
std::optional<std::string> without_underscores(std::string_view word, bool hexadecimal) {
  const auto digit = [&](std::size_t at) {
    if (at >= word.size()) return false;
    const char c = word[at];
    return is_digit(c) || (hexadecimal && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
  };
  std::string out;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] != '_') {
      out.push_back(word[at]);
    } else if (at == 0 || !digit(at - 1) || !digit(at + 1)) {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<Value> integer_of(std::string_view digits, int base, bool negative) {
  std::uint64_t number = 0;
  const auto [end, fault] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (number > kMost + (negative ? 1 : 0)) return std::nullopt;
  Value value;
  value.kind = Value::Kind::kInteger;
  value.integer =
      negative ? static_cast<std::int64_t>(0 - number) : static_cast<std::int64_t>(number);
  return value;
}

std::optional<Value> based_integer(std::string_view word) {
  const int base = word[1] == 'x' ? 16 : word[1] == 'o' ? 8 : word[1] == 'b' ? 2 : 0;
  if (base == 0 || word.size() < 3) return std::nullopt;
  const auto digits = without_underscores(word.substr(2), base == 16);
  return digits ? integer_of(*digits, base, false) : std::nullopt;
}

// digits ["." digits] [("e" | "E") ["+" | "-"] digits], no zero before another digit.
bool is_real(std::string_view word) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < word.size() && is_digit(word[at])) ++at;
    return at - begin;
  };
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && word[0] == '0')) return false;
  bool real = false;
  if (at < word.size() && word[at] == '.') {
    ++at;
    real = digits() > 0;
    if (!real) return false;
  }
  if (at < word.size() && (word[at] == 'e' || word[at] == 'E')) {
    ++at;
    if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
    real = digits() > 0;
  }
  return real && at == word.size();
}

std::optional<Value> number_of(std::string_view word) {
  const bool sign = word[0] == '-' || word[0] == '+';
  const bool negative = word[0] == '-';
  std::string_view rest = sign ? word.substr(1) : word;
  if (rest.empty()) return std::nullopt;
  Value value;
  value.kind = Value::Kind::kReal;
  if (rest == "inf" || rest == "nan") {
    value.real = rest == "inf" ? std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::quiet_NaN();
    if (negative) value.real = -value.real;
    return value;
  }
  if (!sign && rest.size() > 1 && rest[0] == '0' && !is_digit(rest[1]) && rest[1] != '.' &&
      rest[1] != 'e' && rest[1] != 'E') {
    return based_integer(rest);
  }
  const auto plain = without_underscores(rest, false);
  if (!plain || plain->empty()) return std::nullopt;
  if (plain->find_first_not_of("0123456789") == std::string::npos) {
    if (plain->size() > 1 && plain->front() == '0') return std::nullopt;
    return integer_of(*plain, 10, negative);
  }
  if (!is_real(*plain)) return std::nullopt;
  const auto [end, fault] =
      std::from_chars(plain->data(), plain->data() + plain->size(), value.real);
  if (fault != std::errc() && fault != std::errc::result_out_of_range) return std::nullopt;
  if (negative) value.real = -value.real;
  return value;
}

// Reads fixed digits and separators off the front of a date or time.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}
  bool good() const { return good_; }
  bool empty() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_[0]; }
  int number(std::size_t digits, int least, int most) {
    int value = 0;
    good_ = good_ && text_.size() >= digits;
    for (std::size_t i = 0; good_ && i < digits; ++i) {
      good_ = is_digit(text_[i]);
      value = value * 10 + (text_[i] - '0');
    }
    good_ = good_ && value >= least && value <= most;
    if (good_) text_.remove_prefix(digits);
    return value;
  }
  void separator(std::string_view any) {
    good_ = good_ && !text_.empty() && any.find(text_[0]) != std::string_view::npos;
    if (good_) text_.remove_prefix(1);
  }
  void fraction() {
    if (front() != '.') return;
    std::size_t at = 1;
    while (at < text_.size() && is_digit(text_[at])) ++at;
    good_ = good_ && at > 1;
    text_.remove_prefix(at);
  }

 private:
  std::string_view text_;
  bool good_ = true;
};

int days_of(int year, int month) {
  static constexpr std::array<int, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month)] + (month == 2 && leap ? 1 : 0);
}

// Days from 1 January 1970, by eras of 400 years that begin on 1 March.
std::int64_t days_since_epoch(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

std::optional<Value> time_of(std::string_view word) {
  Fields fields(word);
  Value value;
  value.kind = Value::Kind::kTime;
  if (word.size() > 4 && word[4] == '-') {
    const int year = fields.number(4, 0, 9999);
    fields.separator("-");
    const int month = fields.number(2, 1, 12);
    fields.separator("-");
    const int day = fields.number(2, 1, 31);
    if (!fields.good() || day > days_of(year, month)) return std::nullopt;
    value.integer = days_since_epoch(year, month, day) * 86400;
    if (fields.empty()) return value;
    fields.separator("Tt ");
  }
  const int hour = fields.number(2, 0, 23);
  fields.separator(":");
  const int minute = fields.number(2, 0, 59);
  fields.separator(":");
  const int second = fields.number(2, 0, 60);
  if (!fields.good()) return std::nullopt;
  fields.fraction();
  value.integer += hour * 3600 + minute * 60 + second;
  if (fields.front() == 'Z' || fields.front() == 'z') {
    fields.separator("Zz");
  } else if (!fields.empty() && word[2] != ':') {
    const int sign = fields.front() == '-' ? -1 : 1;
    fields.separator("+-");
    const int hours = fields.number(2, 0, 23);
    fields.separator(":");
    const int minutes = fields.number(2, 0, 59);
    value.integer -= sign * (hours * 3600 + minutes * 60);
  }
  if (!fields.good() || !fields.empty() ||
      (word[2] == ':' && word.find_first_of("Zz") != std::string_view::npos)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<Value> toml_scalar(std::string_view word) {
  if (word.empty()) return std::nullopt;
  Value value;
  value.kind = Value::Kind::kBoolean;
  value.boolean = word == "true";
  if (word == "true" || word == "false") return value;
  const bool time = word.size() >= 8 && is_digit(word[0]) && (word[4] == '-' || word[2] == ':');
  return time ? time_of(word) : number_of(word);
}

}  // namespace resolver::lock

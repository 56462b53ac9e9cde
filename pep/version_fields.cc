// Reading, comparing and printing the parts of a version (PEP 440, appendix B and "Normalization").
#include "pep/version_fields.h"

#include <algorithm>

#include "pep/ascii.h"

namespace pep {

namespace {

// A cursor over a version's text. Each reader moves on only if it matched.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool done() const { return at_ == end_; }
  char peek(std::size_t ahead = 0) const {
    return ahead < static_cast<std::size_t>(end_ - at_) ? at_[ahead] : '\0';
  }
  void skip(std::size_t count) { at_ += count; }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  // False on no digit; `*fits` turns false if the number exceeds 64 bits.
  bool number(std::uint64_t* value, bool* fits) {
    if (!is_digit(peek())) return false;
    std::uint64_t sum = 0;
    while (at_ != end_ && is_digit(*at_)) {
      const auto digit = static_cast<std::uint64_t>(*at_ - '0');
      if (sum > (UINT64_MAX - digit) / 10) *fits = false;
      sum = sum * 10 + digit;
      ++at_;
    }
    *value = sum;
    return true;
  }
  // "[-_.]?word[-_.]?[0-9]*": a missing number is 0.
  bool labelled(std::string_view word, std::uint64_t* value, bool* fits) {
    const std::size_t lead = is_separator(peek()) ? 1 : 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (to_lower(peek(lead + i)) != word[i]) return false;
    }
    skip(lead + word.size());
    if (is_separator(peek())) skip(1);
    *value = 0;
    number(value, fits);
    return true;
  }
  static constexpr bool is_separator(char c) { return c == '-' || c == '_' || c == '.'; }

 private:
  const char* at_;
  const char* end_;
};

struct Label {
  std::string_view word;
  char pre;
};
// Longer spellings before those they begin with.
constexpr Label kPreLabels[] = {{"alpha", 'a'},   {"a", 'a'},   {"beta", 'b'}, {"b", 'b'},
                                {"preview", 'r'}, {"pre", 'r'}, {"rc", 'r'},   {"c", 'r'}};
constexpr std::string_view kPostLabels[] = {"post", "rev", "r"};

void scan_pre(Cursor& cursor, Fields& fields, bool* fits) {
  for (const Label& label : kPreLabels) {
    if (cursor.labelled(label.word, &fields.pre_number, fits)) {
      fields.pre = label.pre;
      return;
    }
  }
}

void scan_post(Cursor& cursor, Fields& fields, bool* fits) {
  if (cursor.peek() == '-' && is_digit(cursor.peek(1))) {
    cursor.skip(1);
    fields.post.present = cursor.number(&fields.post.number, fits);
    return;
  }
  for (const std::string_view label : kPostLabels) {
    if (cursor.labelled(label, &fields.post.number, fits)) {
      fields.post.present = true;
      return;
    }
  }
}

bool is_local(std::string_view text) {
  bool part_open = false;
  for (const char c : text) {
    if (is_alnum(c)) {
      part_open = true;
    } else if (Cursor::is_separator(c) && part_open) {
      part_open = false;
    } else {
      return false;
    }
  }
  return part_open;
}

std::string_view next_local_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find_first_of("-_."), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

bool all_digits(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return is_digit(c); });
}

std::strong_ordering compare_local_part(std::string_view a, std::string_view b) {
  const bool a_number = all_digits(a);
  const bool b_number = all_digits(b);
  if (a_number != b_number) {
    return a_number ? std::strong_ordering::greater : std::strong_ordering::less;
  }
  if (a_number) {
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    if (a.size() != b.size()) return a.size() <=> b.size();
    return a.compare(b) <=> 0;
  }
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return to_lower(a[i]) <=> to_lower(b[i]);
  }
  return a.size() <=> b.size();
}

std::strong_ordering compare_local(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto order = compare_local_part(next_local_part(a), next_local_part(b));
    if (order != 0) return order;
  }
  return !a.empty() <=> !b.empty();  // no local part is least, as is the shorter of two
}

// Where a version stands among those of its release: dev-only first, then pre-releases, then the
// rest.
int pre_rank(const Fields& fields) {
  if (fields.pre != 0) return 1;
  return !fields.post.present && fields.dev.present ? 0 : 2;
}

}  // namespace

void Fields::append(std::uint64_t number) {
  if (release_size < kInline) {
    few[release_size] = number;
  } else {
    if (many.empty()) many.assign(few.begin(), few.end());
    many.push_back(number);
  }
  ++release_size;
}

void Fields::resize_release(std::size_t size) {
  release_size = std::min(size, release_size);
  if (!many.empty()) many.resize(release_size);
}

std::size_t Fields::trimmed_size() const {
  const std::uint64_t* parts = release();
  std::size_t size = release_size;
  while (size > 1 && parts[size - 1] == 0) --size;
  return size;
}

bool Fields::scan(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  text = trim(text);
  if (text.size() > kLongest) return false;
  Cursor cursor(text);
  if (to_lower(cursor.peek()) == 'v') cursor.skip(1);
  bool fits = true;
  std::uint64_t number = 0;
  if (!cursor.number(&number, &fits)) return false;
  if (cursor.peek() == '!') {
    epoch = number;
    cursor.skip(1);
    if (!cursor.number(&number, &fits)) return false;
  }
  append(number);
  while (cursor.peek() == '.' && is_digit(cursor.peek(1))) {
    cursor.skip(1);
    cursor.number(&number, &fits);
    append(number);
  }
  if (!cursor.done()) {
    scan_pre(cursor, *this, &fits);
    scan_post(cursor, *this, &fits);
    dev.present = cursor.labelled("dev", &dev.number, &fits);
    if (cursor.peek() == '+') {
      cursor.skip(1);
      local = cursor.rest();
      if (!is_local(local)) return false;
      cursor.skip(local.size());
    }
  }
  return cursor.done() && fits;
}

std::strong_ordering compare_release(const Fields& a, const Fields& b) {
  if (a.epoch != b.epoch) return a.epoch <=> b.epoch;
  const std::size_t size = std::max(a.release_size, b.release_size);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t left = i < a.release_size ? a.release()[i] : 0;
    const std::uint64_t right = i < b.release_size ? b.release()[i] : 0;
    if (left != right) return left <=> right;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare_public(const Fields& a, const Fields& b) {
  if (const auto order = compare_release(a, b); order != 0) return order;
  if (const auto order = pre_rank(a) <=> pre_rank(b); order != 0) return order;
  if (a.pre != b.pre) return a.pre <=> b.pre;
  if (a.pre_number != b.pre_number) return a.pre_number <=> b.pre_number;
  if (const auto order = a.post <=> b.post; order != 0) return order;
  if (a.dev.present != b.dev.present) return b.dev.present <=> a.dev.present;  // no dev is greatest
  return a.dev.number <=> b.dev.number;
}

std::strong_ordering compare(const Fields& a, const Fields& b) {
  const auto order = compare_public(a, b);
  return order != 0 ? order : compare_local(a.local, b.local);
}

std::string normalize_local(std::string_view local) {
  std::string result;
  while (!local.empty()) {
    std::string_view part = next_local_part(local);
    if (all_digits(part)) part = without_leading_zeros(part);
    if (!result.empty()) result += '.';
    for (const char c : part) result += to_lower(c);
  }
  return result;
}

std::string Fields::str() const {
  std::string text;
  const auto put = [&](std::string_view label, std::uint64_t number) {
    text.append(label).append(std::to_string(number));
  };
  if (epoch != 0) {
    put("", epoch);
    text += '!';
  }
  put("", release()[0]);
  for (std::size_t i = 1; i < release_size; ++i) put(".", release()[i]);
  if (pre != 0) put(pre == 'a' ? "a" : pre == 'b' ? "b" : "rc", pre_number);
  if (post.present) put(".post", post.number);
  if (dev.present) put(".dev", dev.number);
  if (!local.empty()) text.append("+").append(normalize_local(local));
  return text;
}

}  // namespace pep

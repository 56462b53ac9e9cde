// What JSON and HTML pages have in common: which of the two it is, times, digests.
#include "resolver/index/simple_api.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "resolver/index/url.h"

namespace resolver::index {
namespace {

// Values of hexadecimal digits, 255 for other characters: digests are the greater part of a page.
constexpr std::array<std::uint8_t, 256> kHexDigits = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(255);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint8_t>(10 + i);
    values['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}();

// `count` decimal digits at `at`, or -1.
int number(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Days since 1970-01-01 of a date in the Gregorian calendar.
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month <= 2) {
    --year;
    month += 12;
  }
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1 -
         719468;
}

}  // namespace

pep::Result<PageForm> page_form(const PageText& page) {
  std::string type = page.content_type.substr(0, page.content_type.find(';'));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (type.find("json") != std::string::npos) return PageForm::kJson;
  if (type.find("html") != std::string::npos) return PageForm::kHtml;
  // Some servers do not know what they serve; then the first character tells.
  if (type.empty() || type == "application/octet-stream" || type == "text/plain") {
    const std::size_t first = page.body.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && page.body[first] == '{') return PageForm::kJson;
    if (first != std::string::npos && page.body[first] == '<') return PageForm::kHtml;
  }
  return pep::error(pep::Fault::kMalformed,
                    redacted(page.url) + " is no page of a package index: its content type is \"" +
                        type.substr(0, 80) + "\", not JSON or HTML of the Simple API");
}

pep::Status read_page(PageText& page, PageBuilder& builder) {
  const auto form = page_form(page);
  if (!form) return form.error();
  return *form == PageForm::kJson ? read_json_page(page, builder) : read_html_page(page, builder);
}

std::int64_t parse_time(std::string_view text) {
  const int year = number(text, 0, 4);
  const int month = number(text, 5, 2);
  const int day = number(text, 8, 2);
  const int hour = number(text, 11, 2);
  const int minute = number(text, 14, 2);
  const int second = number(text, 17, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || minute < 0 ||
      second < 0)
    return 0;
  return days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

bool parse_sha256(std::string_view hex, Sha256& digest) {
  if (hex.size() != 64) return false;
  unsigned wrong = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned high = kHexDigits[static_cast<unsigned char>(hex[2 * i])];
    const unsigned low = kHexDigits[static_cast<unsigned char>(hex[2 * i + 1])];
    wrong |= high | low;
    digest[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return (wrong & 0xF0) == 0;
}

}  // namespace resolver::index

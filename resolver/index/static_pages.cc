// Writing the pages of a static index.
#include "resolver/index/static_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "resolver/index/digest.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

// How many bytes the character of UTF-8 at the beginning of `text` has; 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(0) < 0x80   ? 1
                             : byte(0) < 0xC2 ? 0
                             : byte(0) < 0xE0 ? 2
                             : byte(0) < 0xF0 ? 3
                             : byte(0) < 0xF5 ? 4
                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool beyond = (byte(0) == 0xED && byte(1) > 0x9F) || (byte(0) == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : length;
}

// A JSON string; a byte that is no UTF-8 becomes U+FFFD, since JSON can hold no other.
void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

std::string rfc3339(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm fields{};
  ::gmtime_r(&time, &fields);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", fields.tm_year + 1900,
                     fields.tm_mon + 1, fields.tm_mday, fields.tm_hour, fields.tm_min,
                     fields.tm_sec);
}

void append_json_file(std::string& out, const File& file, const StaticLink& link) {
  out += "{\"filename\":";
  append_json(out, file.filename);
  out += ",\"hashes\":{";
  if (file.has_sha256) out += "\"sha256\":\"" + hex(file.sha256) + '"';
  out += '}';
  if (link.metadata_sha256) {
    const std::string digest = "{\"sha256\":\"" + hex(*link.metadata_sha256) + "\"}";
    out += ",\"core-metadata\":" + digest + ",\"data-dist-info-metadata\":" + digest;
  }
  if (!file.requires_python.empty()) {
    out += ",\"requires-python\":";
    append_json(out, file.requires_python);
  }
  if (file.size != 0) out += ",\"size\":" + std::to_string(file.size);
  if (file.upload_time != 0) out += ",\"upload-time\":\"" + rfc3339(file.upload_time) + '"';
  out += ",\"url\":";
  append_json(out, link.json_url);
  out += ",\"yanked\":";
  if (file.yanked && !file.yanked_reason.empty()) {
    append_json(out, file.yanked_reason);
  } else {
    out += file.yanked ? "true" : "false";
  }
  out += '}';
}

}  // namespace

std::string static_html_page(const PageView& page, const StaticLinks& links) {
  std::string out =
      "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\">"
      "<meta name=\"pypi:repository-version\" content=\"1.0\"><title>Links for " +
      page.name().str() + "</title></head>\n<body>\n";
  for (std::uint32_t number = 0; number < page.file_count(); ++number) {
    const File file = page.file(number);
    const StaticLink& link = links[number];
    out += "<a href=\"";
    append_html(out, link.html_url);
    if (file.has_sha256) out += "#sha256=" + hex(file.sha256);
    out += '"';
    if (!file.requires_python.empty()) {
      out += " data-requires-python=\"";
      append_html(out, file.requires_python);
      out += '"';
    }
    if (link.metadata_sha256) {
      const std::string digest = "=\"sha256=" + hex(*link.metadata_sha256) + '"';
      out += " data-core-metadata" + digest + " data-dist-info-metadata" + digest;
    }
    if (file.yanked) {
      out += " data-yanked=\"";
      append_html(out, file.yanked_reason);
      out += '"';
    }
    out += '>';
    append_html(out, file.filename);
    out += "</a><br>\n";
  }
  return out + "</body>\n</html>\n";
}

std::string static_json_page(const PageView& page, const StaticLinks& links) {
  // PEP 700 wants the size of every file.
  bool sizes = true;
  std::string files;
  for (std::uint32_t number = 0; number < page.file_count(); ++number) {
    const File file = page.file(number);
    sizes = sizes && file.size != 0;
    if (number != 0) files += ",\n";
    append_json_file(files, file, links[number]);
  }
  std::string out = "{\"meta\":{\"api-version\":\"";
  out += sizes ? "1.1" : "1.0";
  out += "\"},\"name\":\"" + page.name().str() + "\",\"versions\":[";
  for (std::uint32_t number = 0; number < page.version_count(); ++number) {
    if (number != 0) out += ',';
    append_json(out, page.version_text(number));
  }
  return out + "],\"files\":[\n" + files + "\n]}\n";
}

std::string static_html_root(const std::vector<std::string>& names) {
  std::string out =
      "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\">"
      "<meta name=\"pypi:repository-version\" content=\"1.0\"><title>Simple index</title></head>\n"
      "<body>\n";
  for (const std::string& name : names) out += fmt::format("<a href=\"{0}/\">{0}</a><br>\n", name);
  return out + "</body>\n</html>\n";
}

std::string static_json_root(const std::vector<std::string>& names) {
  std::string out = "{\"meta\":{\"api-version\":\"1.1\"},\"projects\":[\n";
  for (const std::string& name : names)
    out += fmt::format("{}{{\"name\":\"{}\"}}", &name == &names.front() ? "" : ",\n", name);
  return out + "\n]}\n";
}

}  // namespace resolver::index

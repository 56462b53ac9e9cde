// PKG-INFO out of sdists, whether it can be trusted (PEP 643), and what of METADATA is kept.
#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "resolver/index/bounded_archive.h"
#include "resolver/index/wheel.h"

namespace resolver::index {
namespace {

constexpr std::size_t kMetadataLimit = std::size_t{16} << 20;
constexpr int kEntryLimit = 200'000;

bool is_field(std::string_view name, std::string_view lower) {
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
}

// Calls `visit(name, value)` for each header field; a folded value comes with its line breaks.
template <class Visit>
void each_field(std::string_view text, Visit visit) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    while (end != std::string_view::npos && end + 1 < text.size() &&
           (text[end + 1] == ' ' || text[end + 1] == '\t')) {
      end = text.find('\n', end + 1);
    }
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    const std::size_t begin = std::min(value.find_first_not_of(" \t"), value.size());
    value.remove_prefix(begin);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back())) != 0)
      value.remove_suffix(1);
    visit(line.substr(0, colon), value);
  }
}

}  // namespace

pep::Result<std::string> sdist_pkg_info(std::string_view sdist) {
  BoundedArchive in(sdist, kLookLimit, "the sdist");
  archive_read_support_format_tar(in.get());
  archive_read_support_format_zip(in.get());
  archive_read_support_filter_gzip(in.get());
  if (!in.open()) return in.broken();
  archive_entry* entry = nullptr;
  for (int i = 0; i < kEntryLimit; ++i) {
    const int code = archive_read_next_header(in.get(), &entry);
    if (code == ARCHIVE_EOF) break;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return in.broken();
    const char* name = archive_entry_pathname(entry);
    std::string_view path(name == nullptr ? "" : name);
    if (path.starts_with("./")) path.remove_prefix(2);
    if (!path.ends_with("/PKG-INFO") || std::count(path.begin(), path.end(), '/') != 1) continue;
    std::string text;
    std::array<char, 16384> buffer;
    la_ssize_t size = 0;
    while ((size = archive_read_data(in.get(), buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(size));
      if (text.size() > kMetadataLimit) {
        return pep::error(pep::Fault::kMalformed, "the sdist's PKG-INFO is larger than 16 MiB");
      }
    }
    if (size < 0) return in.broken();
    return text;
  }
  return pep::error(pep::Fault::kNotFound,
                    "the sdist holds no PKG-INFO; --allow-build lets it be built to find out");
}

pep::Status check_static(std::string_view pkg_info) {
  int major = 0;
  int minor = 0;
  std::string dynamic;
  each_field(pkg_info, [&](std::string_view name, std::string_view value) {
    if (is_field(name, "metadata-version")) {
      const std::size_t dot = value.find('.');
      major = std::atoi(std::string(value.substr(0, dot)).c_str());
      minor =
          dot == std::string_view::npos ? 0 : std::atoi(std::string(value.substr(dot + 1)).c_str());
    } else if (is_field(name, "dynamic") &&
               (is_field(value, "requires-dist") || is_field(value, "requires-python") ||
                is_field(value, "provides-extra"))) {
      dynamic = value;
    }
  });
  if (major < 2 || (major == 2 && minor < 2)) {
    return pep::error(pep::Fault::kNotFound,
                      "its metadata may change when it is built (Metadata-Version " +
                          std::to_string(major) + "." + std::to_string(minor) +
                          " is older than 2.2); --allow-build lets it be built to find out");
  }
  if (!dynamic.empty()) {
    return pep::error(pep::Fault::kNotFound,
                      "its metadata says that " + dynamic +
                          " is known only once it is built; --allow-build lets it be built to "
                          "find out");
  }
  return pep::Done{};
}

std::string condensed(std::string_view metadata) {
  static constexpr std::string_view kKept[] = {
      "metadata-version", "name",           "version", "requires-python",
      "requires-dist",    "provides-extra", "dynamic"};
  std::string out;
  each_field(metadata, [&](std::string_view name, std::string_view value) {
    const bool kept = std::any_of(std::begin(kKept), std::end(kKept),
                                  [&](std::string_view field) { return is_field(name, field); });
    if (!kept) return;
    out += name;
    out += ": ";
    const std::size_t begin = out.size();
    out += value;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
        [](char c) { return c == '\n' || c == '\r'; }, ' ');
    out += '\n';
  });
  return out;
}

}  // namespace resolver::index

// HTML pages (PEP 503): a tolerant scanner that looks at <a> and <base> only. Knows nothing of the
// rest of HTML.
#include <cctype>

#include "resolver/index/simple_api.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f";

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(a[i])) != lower[i]) return false;
  }
  return true;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Appends what one entity stands for; false if it is none that we know.
bool append_entity(std::string& out, std::string_view name) {
  static constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}};
  for (const auto& [word, c] : kNamed) {
    if (name == word) {
      out += c;
      return true;
    }
  }
  if (!name.starts_with('#') || name.size() < 2) return false;
  name.remove_prefix(1);
  const bool hex = name[0] == 'x' || name[0] == 'X';
  if (hex) name.remove_prefix(1);
  if (name.empty() || name.size() > 7) return false;
  unsigned code = 0;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    const int letter = std::tolower(static_cast<unsigned char>(c));
    if (!digit && !(hex && letter >= 'a' && letter <= 'f')) return false;
    code = code * (hex ? 16 : 10) + static_cast<unsigned>(digit ? c - '0' : letter - 'a' + 10);
  }
  if (code == 0 || code > 0x10FFFF) return false;
  append_utf8(out, code);
  return true;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t ampersand = text.find('&');
    out += text.substr(0, ampersand);
    if (ampersand == std::string_view::npos) break;
    text.remove_prefix(ampersand);
    const std::size_t end = text.substr(0, 12).find(';');
    if (end != std::string_view::npos && append_entity(out, text.substr(1, end - 1))) {
      text.remove_prefix(end + 1);
    } else {
      out += '&';
      text.remove_prefix(1);
    }
  }
  return out;
}

struct Anchor {
  std::string href, requires_python, yanked_reason, metadata;
  bool yanked = false;
  bool has_metadata = false;
};

void take_attribute(Anchor& anchor, std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "href")) {
    anchor.href = unescaped(value);
  } else if (equal_ignoring_case(name, "data-requires-python")) {
    anchor.requires_python = unescaped(value);
  } else if (equal_ignoring_case(name, "data-yanked")) {
    anchor.yanked = true;
    anchor.yanked_reason = unescaped(value);
  } else if (equal_ignoring_case(name, "data-core-metadata") ||
             equal_ignoring_case(name, "data-dist-info-metadata")) {
    if (!equal_ignoring_case(value, "false")) {
      anchor.has_metadata = true;
      anchor.metadata = value;
    }
  }
}

// Attributes from `at`, which is behind the tag's name; returns the position behind ">".
std::size_t read_attributes(std::string_view html, std::size_t at, Anchor& anchor) {
  while (at < html.size() && html[at] != '>') {
    at = html.find_first_not_of(" \t\r\n\f/", at);
    if (at == std::string_view::npos) return html.size();
    if (html[at] == '>') break;
    const std::size_t name_end = std::min(html.find_first_of(" \t\r\n\f/>=", at + 1), html.size());
    const std::string_view name = html.substr(at, name_end - at);
    std::string_view value;
    at = std::min(html.find_first_not_of(kSpace, name_end), html.size());
    if (at < html.size() && html[at] == '=') {
      at = std::min(html.find_first_not_of(kSpace, at + 1), html.size());
      if (at == html.size()) break;
      if (html[at] == '"' || html[at] == '\'') {
        const std::size_t end = std::min(html.find(html[at], at + 1), html.size());
        value = html.substr(at + 1, end - at - 1);
        at = std::min(end + 1, html.size());
      } else {
        const std::size_t end = std::min(html.find_first_of(" \t\r\n\f>", at), html.size());
        value = html.substr(at, end - at);
        at = end;
      }
    }
    take_attribute(anchor, name, value);
  }
  return std::min(at + 1, html.size());
}

void add_anchor(const Anchor& anchor, std::string_view base, PageBuilder& builder,
                bool& distribution) {
  const std::string_view href = anchor.href;
  const std::size_t hash = href.find('#');
  const std::string url = join_url(base, href);
  const std::string filename = percent_decoded(last_segment(url));
  if (!filename.ends_with(".whl") && !filename.ends_with(".tar.gz") && !filename.ends_with(".zip"))
    return;
  distribution = true;
  RawFile file{.filename = filename,
               .url = url,
               .requires_python = anchor.requires_python,
               .yanked_reason = anchor.yanked_reason};
  Sha256 sha256;
  Sha256 metadata_sha256;
  if (hash != std::string_view::npos) {
    const std::size_t at = href.find("sha256=", hash + 1);
    if (at != std::string_view::npos && parse_sha256(href.substr(at + 7, 64), sha256))
      file.sha256 = &sha256;
  }
  file.yanked = anchor.yanked;
  file.core_metadata = anchor.has_metadata;
  const std::string_view metadata = anchor.metadata;
  if (metadata.starts_with("sha256=") && parse_sha256(metadata.substr(7), metadata_sha256)) {
    file.metadata_sha256 = &metadata_sha256;
  }
  builder.add(file);
}

struct Signs {
  bool anchor = false;
  bool distribution = false;        // a link to something that looks like a wheel or sdist
  bool repository_version = false;  // <meta name="pypi:repository-version">
  bool form = false;                // <form>, <input>: what login pages are made of
};

}  // namespace

pep::Status read_html_page(const PageText& page, PageBuilder& builder) {
  const std::string_view html = page.body;
  std::string base = page.url;
  Signs signs;
  std::size_t at = 0;
  while ((at = html.find('<', at)) != std::string_view::npos) {
    if (html.substr(at).starts_with("<!--")) {
      const std::size_t end = html.find("-->", at + 4);
      if (end == std::string_view::npos) break;
      at = end + 3;
      continue;
    }
    const std::size_t end = std::min(html.find_first_of(" \t\r\n\f/>", at + 1), html.size());
    const std::string_view tag = html.substr(at + 1, end - at - 1);
    at = std::max(end, at + 1);
    if (equal_ignoring_case(tag, "a") || equal_ignoring_case(tag, "base")) {
      Anchor anchor;
      at = read_attributes(html, end, anchor);
      if (anchor.href.empty()) continue;
      if (tag.size() == 1) {
        signs.anchor = true;
        add_anchor(anchor, base, builder, signs.distribution);
      } else {
        base = join_url(page.url, anchor.href);
      }
    } else if (equal_ignoring_case(tag, "meta")) {
      const std::string_view rest =
          html.substr(end, std::min(html.find('>', end), html.size()) - end);
      signs.repository_version |= rest.find("pypi:repository-version") != std::string_view::npos;
    } else if (equal_ignoring_case(tag, "form") || equal_ignoring_case(tag, "input") ||
               equal_ignoring_case(tag, "script")) {
      signs.form = true;
    }
  }
  if (!signs.distribution && !signs.repository_version && signs.form) {
    return pep::error(pep::Fault::kMalformed,
                      redacted(page.url) +
                          " is no page of a package index: it is HTML without links to wheels or "
                          "sdists, such as a login page; check the index URL and the credentials");
  }
  return pep::Done{};
}

}  // namespace resolver::index

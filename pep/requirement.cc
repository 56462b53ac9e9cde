// Reading requirements: one pass over PEP 508's grammar.
#include "pep/requirement.h"

#include <fmt/format.h>

#include <algorithm>

#include "pep/ascii.h"
#include "pep/marker_node.h"

namespace pep {

namespace {

constexpr std::size_t kLongestRequirement = 64 * 1024;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Requirement> read() {
    if (text_.size() > kLongestRequirement) {
      return pep::error(Fault::kMalformed, "a requirement of more than 64 KiB is refused");
    }
    Requirement made;
    skip_blanks();
    const std::string_view name = identifier();
    if (name.empty()) return fail("a requirement begins with a project name");
    made.name = Name::of(name);
    made.spelled = name;
    skip_blanks();
    if (auto done = extras(made); !done) return std::move(done).error();
    skip_blanks();
    if (peek() == '@') {
      ++at_;
      if (auto done = url(made); !done) return std::move(done).error();
    } else {
      if (auto done = specifiers(made); !done) return std::move(done).error();
    }
    if (auto done = marker(made); !done) return std::move(done).error();
    return made;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool done() const { return at_ == text_.size(); }
  void skip_blanks() {
    while (is_blank(peek())) ++at_;
  }
  Error fail(std::string what) const { return malformed_at(text_, at_, std::move(what)); }

  // Letters, digits and "-_.", a letter or digit first and last.
  std::string_view identifier() {
    if (!is_alnum(peek())) return {};
    std::size_t end = at_;
    while (end < text_.size() && is_name_char(text_[end])) ++end;
    while (!is_alnum(text_[end - 1])) --end;
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }

  Status extras(Requirement& made) {
    if (peek() != '[') return Done{};
    ++at_;
    skip_blanks();
    if (peek() != ']') {
      while (true) {
        const std::string_view extra = identifier();
        if (extra.empty()) return fail("the name of an extra is expected here");
        made.extras.push_back(Name::of(extra));
        skip_blanks();
        if (peek() != ',') break;
        ++at_;
        skip_blanks();
      }
    }
    if (peek() != ']') return fail("a comma or ']' is expected after the name of an extra");
    ++at_;
    std::sort(made.extras.begin(), made.extras.end());
    made.extras.erase(std::unique(made.extras.begin(), made.extras.end()), made.extras.end());
    return Done{};
  }

  Status url(Requirement& made) {
    skip_blanks();
    const std::size_t begin = at_;
    while (!done() && !is_blank(peek())) ++at_;
    made.url = text_.substr(begin, at_ - begin);
    if (made.url.empty()) return fail("a URL is expected after '@'");
    skip_blanks();
    if (!done() && peek() != ';') {
      return fail("after the URL a space and ';' with a marker may follow, nothing else");
    }
    return Done{};
  }

  Status specifiers(Requirement& made) {
    const std::size_t open = at_;
    const bool parenthesised = peek() == '(';
    if (parenthesised) {
      ++at_;
      skip_blanks();
    }
    while (begins_operator(peek())) {
      if (auto done = specifier(made); !done) return done;
      skip_blanks();
      if (peek() != ',') break;
      ++at_;
      skip_blanks();
    }
    if (parenthesised) {
      if (peek() != ')') {
        if (done()) at_ = open;
        return fail("the version specifiers' parenthesis is not closed");
      }
      ++at_;
      skip_blanks();
    }
    if (!done() && peek() != ';') {
      return fail(
          made.specifiers.empty()
              ? "after the name a version specifier, '@' and a URL, or ';' and a marker may "
                "follow"
              : "a comma and another version specifier, or ';' and a marker may follow here");
    }
    return Done{};
  }

  static bool begins_operator(char c) {
    return c == '=' || c == '<' || c == '>' || c == '!' || c == '~';
  }

  Status specifier(Requirement& made) {
    const std::size_t begin = at_;
    while (begins_operator(peek())) ++at_;
    while (is_space(peek())) ++at_;
    while (!done() && !is_space(peek()) && peek() != ',' && peek() != ';' && peek() != ')') ++at_;
    auto parsed = Specifier::parse(text_.substr(begin, at_ - begin));
    if (!parsed) return malformed_at(text_, begin, std::move(parsed).error().what);
    made.specifiers.add(*std::move(parsed));
    return Done{};
  }

  Status marker(Requirement& made) {
    if (peek() != ';') return Done{};
    ++at_;
    auto node = parse_marker(text_, &at_);
    if (!node) return std::move(node).error();
    if (!done()) return fail("the marker should end here, or go on with 'and' or 'or'");
    made.marker = Marker::of(*std::move(node));
    return Done{};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Requirement> Requirement::parse(std::string_view text) { return Reader(text).read(); }

std::string Requirement::str() const {
  std::string text = name.str();
  for (std::size_t i = 0; i < extras.size(); ++i) {
    text.append(i == 0 ? "[" : ",").append(extras[i].str());
  }
  if (!extras.empty()) text += ']';
  text += specifiers.str();
  if (!url.empty()) {
    text.append(" @ ").append(url);
    if (marker) text += ' ';
  }
  if (marker) text.append("; ").append(marker->str());
  return text;
}

}  // namespace pep

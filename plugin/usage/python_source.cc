// Tokens are names, dots and what matters of the rest; imports are collected first, since a
// function may use what is imported below it.
#include "plugin/usage/python_source.h"

#include <algorithm>
#include <vector>

namespace plugin {

namespace {

struct Token {
  enum class Kind : unsigned char { kName, kSign, kLine };
  Kind kind = Kind::kSign;
  std::string_view text;
};

constexpr int kDeepestString = 4;  // f-strings in f-strings

bool begins_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool goes_on(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

class Tokenizer {
 public:
  Tokenizer(std::string_view text, std::vector<Token>& tokens, int depth)
      : text_(text), tokens_(tokens), depth_(depth) {}

  void run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        string(false);
      } else if (c == '\\') {
        at_ += text_.substr(at_).starts_with("\\\r\n") ? 3 : 2;
      } else if (c == '\n' || c == ';') {
        if (brackets_ == 0 || c == ';')
          add(Token::Kind::kLine, 1);
        else
          ++at_;
      } else if (begins_name(c)) {
        name();
      } else if (c >= '0' && c <= '9') {
        while (at_ < text_.size() && (goes_on(text_[at_]) || text_[at_] == '.')) ++at_;
        tokens_.push_back({Token::Kind::kSign, "0"});
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        ++at_;
      } else {
        if (c == '(' || c == '[' || c == '{') ++brackets_;
        if ((c == ')' || c == ']' || c == '}') && brackets_ > 0) --brackets_;
        add(Token::Kind::kSign, 1);
      }
    }
    tokens_.push_back({Token::Kind::kLine, {}});
  }

 private:
  void add(Token::Kind kind, std::size_t size) {
    tokens_.push_back({kind, text_.substr(at_, size)});
    at_ += size;
  }

  void name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && goes_on(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const auto has = [&](char small, char large) {
      return word.find(small) != std::string_view::npos ||
             word.find(large) != std::string_view::npos;
    };
    const bool quoted = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'');
    if (quoted && word.size() <= 2 &&
        word.find_first_not_of("rRbBuUfFtT") == std::string_view::npos)
      return string(has('f', 'F') || has('t', 'T'));
    // A keyword that begins a line ends brackets that were left open.
    if (brackets_ > 0 && (word == "import" || word == "def" || word == "class") &&
        first_of_line(begin)) {
      brackets_ = 0;
      tokens_.push_back({Token::Kind::kLine, {}});
    }
    tokens_.push_back({Token::Kind::kName, word});
  }

  bool first_of_line(std::size_t at) const {
    const std::size_t line = text_.rfind('\n', at == 0 ? 0 : at - 1);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    return begin == at;
  }

  // At its opening quote.
  void string(bool formatted) {
    const char quote = text_[at_];
    const std::string three(3, quote);
    const bool is_long = text_.substr(at_).starts_with(three);
    at_ += is_long ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\') {
        at_ += 2;
      } else if (is_long ? text_.substr(at_).starts_with(three) : c == quote) {
        at_ += is_long ? 3 : 1;
        break;
      } else if (!is_long && c == '\n') {
        break;  // it is not closed: go on with the next line
      } else if (formatted && c == '{') {
        field();
      } else {
        ++at_;
      }
    }
    at_ = std::min(at_, text_.size());
    tokens_.push_back({Token::Kind::kSign, "\""});
  }

  // {expression!r:format} of an f-string; the format is read as if it were code, which does no
  // harm.
  void field() {
    if (text_.substr(at_).starts_with("{{")) {
      at_ += 2;
      return;
    }
    const std::size_t begin = ++at_;
    int open = 1;
    while (at_ < text_.size() && open > 0 && text_[at_] != '\n') {
      if (text_[at_] == '{') ++open;
      if (text_[at_] == '}') --open;
      ++at_;
    }
    if (depth_ >= kDeepestString || at_ <= begin) return;
    tokens_.push_back({Token::Kind::kSign, "{"});
    Tokenizer(text_.substr(begin, at_ - begin - (open == 0 ? 1 : 0)), tokens_, depth_ + 1).run();
    if (brackets_ > 0) tokens_.pop_back();  // inside brackets a line does not end
  }

  std::string_view text_;
  std::vector<Token>& tokens_;
  int depth_;
  std::size_t at_ = 0;
  int brackets_ = 0;
};

class Reader {
 public:
  Reader(const std::vector<Token>& tokens, LibraryUsage& usage) : tokens_(tokens), usage_(usage) {}

  void run() {
    for (bool imports : {true, false}) {
      bool begins = true;
      for (at_ = 0; at_ < tokens_.size();) {
        if (begins && is("import")) {
          ++at_;
          import(imports);
        } else if (begins && is("from")) {
          ++at_;
          from(imports);
        } else if (!imports && kind() == Token::Kind::kName) {
          chain();
        } else {
          begins = kind() == Token::Kind::kLine || text() == ":";
          ++at_;
          continue;
        }
        begins = false;
      }
    }
  }

 private:
  Token::Kind kind() const { return at_ < tokens_.size() ? tokens_[at_].kind : Token::Kind::kLine; }
  std::string_view text() const {
    return at_ < tokens_.size() ? tokens_[at_].text : std::string_view();
  }
  bool is(std::string_view word) const { return kind() != Token::Kind::kLine && text() == word; }

  std::string dotted() {
    std::string path;
    while (kind() == Token::Kind::kName) {
      path += text();
      ++at_;
      if (!is(".")) break;
      path += '.';
      ++at_;
    }
    return path;
  }
  static std::string top_of(const std::string& path) { return path.substr(0, path.find('.')); }

  std::string alias() {
    if (!is("as")) return {};
    ++at_;
    std::string name(kind() == Token::Kind::kName ? text() : std::string_view());
    if (!name.empty()) ++at_;
    return name;
  }

  // import a.b as c, d
  void import(bool note) {
    do {
      if (is(",")) ++at_;
      const std::string path = dotted();
      if (path.empty()) return;
      const std::string called = alias();
      if (!note) continue;
      const std::string top = top_of(path);
      auto& symbols = usage_[top];
      if (path != top) symbols.insert(path);
      names_[called.empty() ? top : called] = called.empty() ? top : path;
    } while (is(","));
  }

  // from a.b import (c as d, e)
  void from(bool note) {
    bool relative = false;
    while (is(".")) {
      relative = true;
      ++at_;
    }
    const std::string module = dotted();
    if (!is("import")) return;
    ++at_;
    if (is("(")) ++at_;
    const bool counts = note && !relative && !module.empty();
    if (counts) usage_[top_of(module)];
    while (kind() == Token::Kind::kName || is("*") || is(",")) {
      if (is(",")) {
        ++at_;
        continue;
      }
      const std::string symbol = module + "." + std::string(text());
      const std::string own(text());
      ++at_;
      const std::string called = alias();
      if (!counts) continue;
      usage_[top_of(module)].insert(symbol);
      if (own != "*") names_[called.empty() ? own : called] = symbol;
    }
    if (is(")")) ++at_;
  }

  // name.attribute.attribute, where the name was imported
  void chain() {
    const bool is_attribute =
        at_ > 0 && tokens_[at_ - 1].kind == Token::Kind::kSign && tokens_[at_ - 1].text == ".";
    const auto known = names_.find(text());
    ++at_;
    if (is_attribute || known == names_.end()) return;
    std::string path = known->second;
    while (is(".") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Token::Kind::kName) {
      path += '.';
      path += tokens_[at_ + 1].text;
      at_ += 2;
    }
    const std::string top = top_of(path);
    if (path != top) usage_[top].insert(path);
  }

  const std::vector<Token>& tokens_;
  LibraryUsage& usage_;
  std::map<std::string, std::string, std::less<>>
      names_;  // as they are called here, and their paths
  std::size_t at_ = 0;
};

}  // namespace

void add_usage(std::string_view source, LibraryUsage& usage) {
  std::vector<Token> tokens;
  Tokenizer(source, tokens, 0).run();
  Reader(tokens, usage).run();
}

}  // namespace plugin

// Reading markers: recursive descent over PEP 508's grammar, with the older spellings that are
// still in use.
#include <fmt/format.h>

#include <array>

#include "pep/ascii.h"
#include "pep/marker_node.h"
#include "pep/python_literal.h"

namespace pep {

namespace {

struct VariableSpelling {
  std::string_view text;
  Variable variable;
};
// "_" also stands for "." where PEP 345 wrote one.
constexpr std::array<VariableSpelling, 15> kVariables = {
    {{"implementation_name", Variable::kImplementationName},
     {"implementation_version", Variable::kImplementationVersion},
     {"os_name", Variable::kOsName},
     {"platform_machine", Variable::kPlatformMachine},
     {"platform_python_implementation", Variable::kPlatformPythonImplementation},
     {"platform_release", Variable::kPlatformRelease},
     {"platform_system", Variable::kPlatformSystem},
     {"platform_version", Variable::kPlatformVersion},
     {"python_full_version", Variable::kPythonFullVersion},
     {"python_version", Variable::kPythonVersion},
     {"sys_platform", Variable::kSysPlatform},
     {"extra", Variable::kExtra},
     {"extras", Variable::kExtras},
     {"dependency_groups", Variable::kDependencyGroups},
     {"python_implementation", Variable::kPlatformPythonImplementation}}};

constexpr bool may_be_dotted(Variable variable) {
  switch (variable) {
    case Variable::kOsName:
    case Variable::kSysPlatform:
    case Variable::kPlatformVersion:
    case Variable::kPlatformMachine:
    case Variable::kPlatformPythonImplementation:
      return true;
    default:
      return false;
  }
}

constexpr std::array<std::string_view, 10> kOperators = {
    "~=", "==", "!=", "<=", ">=", "<", ">", "===", "in", "not in"};

// A side of a comparison: a variable or a literal.
struct Side {
  std::optional<Variable> variable;
  std::string literal;
};

class Parser {
 public:
  Parser(std::string_view text, std::size_t position) : text_(text), at_(position) {}

  std::size_t position() const { return at_; }

  Result<Marker::Node> sequence(int depth) {
    Marker::Node node;
    bool alternative = false;
    while (true) {
      auto item = atom(depth);
      if (!item) return item;
      item->begins_alternative = alternative;
      node.names_extra |= item->names_extra;
      node.sequence.push_back(*std::move(item));
      if (word("and")) {
        alternative = false;
      } else if (word("or")) {
        alternative = true;
      } else {
        return node;
      }
    }
  }

 private:
  static constexpr int kDeepest = 100;  // parentheses

  Result<Marker::Node> atom(int depth) {
    skip_blanks();
    if (peek() != '(') return comparison();
    if (depth >= kDeepest) return fail("the marker has too many nested parentheses");
    const std::size_t open = at_++;
    auto inner = sequence(depth + 1);
    if (!inner) return inner;
    if (peek() != ')') {
      at_ = open;
      return fail("this parenthesis is not closed");
    }
    ++at_;
    skip_blanks();
    return inner;
  }

  Result<Marker::Node> comparison() {
    auto left = side();
    if (!left) return std::move(left).error();
    skip_blanks();
    const auto op = comparison_operator();
    if (!op) {
      return fail("a comparison is expected here: <=, <, !=, ==, >=, >, ~=, ===, in or not in");
    }
    skip_blanks();
    auto right = side();
    if (!right) return std::move(right).error();
    skip_blanks();
    return compose(*std::move(left), *op, *std::move(right));
  }

  static Marker::Node compose(Side left, MarkerOperator op, Side right) {
    Comparison made;
    made.op = op;
    made.variable_left = left.variable.has_value();
    made.variable = made.variable_left ? left.variable : right.variable;
    if (made.variable_left) {
      // With variables on both sides the right one counts as a literal, as `packaging` has it.
      made.literal =
          right.variable ? std::string(spelling(*right.variable)) : std::move(right.literal);
    } else {
      made.literal = std::move(left.literal);
      made.other_literal = std::move(right.literal);
    }
    if (made.variable) {
      const bool by_name =
          *made.variable == Variable::kExtra || (is_set(*made.variable) && !made.variable_left);
      if (by_name) made.literal = Name::of(made.literal).str();
      if (made.variable_left && is_version(*made.variable) && op < MarkerOperator::kIn) {
        made.specifier = Specifier::of(static_cast<Operator>(op), made.literal);
      }
    }
    Marker::Node node;
    node.names_extra = made.variable == Variable::kExtra;
    node.comparison = std::move(made);
    return node;
  }

  Result<Side> side() {
    if (peek() == '"' || peek() == '\'') return quoted();
    if (const auto found = variable()) return Side{.variable = found, .literal = {}};
    return fail("a marker variable (such as python_version) or a quoted string is expected here");
  }

  Result<Side> quoted() {
    const std::size_t open = at_;
    const std::size_t close = text_.find(text_[open], open + 1);
    if (close == std::string_view::npos) return fail("this string is not closed");
    auto literal = read_python_literal(text_.substr(open + 1, close - open - 1));
    if (!literal) return fail("this string holds an invalid escape or a control character");
    at_ = close + 1;
    return Side{.variable = {}, .literal = *std::move(literal)};
  }

  std::optional<Variable> variable() {
    if (at_ > 0 && is_word_char(text_[at_ - 1])) return std::nullopt;
    std::size_t end = at_;
    while (end < text_.size() && (is_word_char(text_[end]) || text_[end] == '.')) ++end;
    const std::string_view written = text_.substr(at_, end - at_);
    for (const VariableSpelling& known : kVariables) {
      if (!matches(written, known)) continue;
      at_ = end;
      return known.variable;
    }
    return std::nullopt;
  }

  // PEP 345 wrote the first "_" as ".".
  static bool matches(std::string_view written, const VariableSpelling& known) {
    if (written.size() != known.text.size()) return false;
    if (written == known.text) return true;
    const std::size_t first = known.text.find('_');
    return may_be_dotted(known.variable) && !known.text.starts_with("python") &&
           written[first] == '.' && written.substr(0, first) == known.text.substr(0, first) &&
           written.substr(first + 1) == known.text.substr(first + 1);
  }

  std::optional<MarkerOperator> comparison_operator() {
    if (word("in")) return MarkerOperator::kIn;
    if (word("not")) {
      if (!is_blank(peek())) return std::nullopt;
      skip_blanks();
      return word("in") ? std::optional(MarkerOperator::kNotIn) : std::nullopt;
    }
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("===")) {
      at_ += 3;
      return MarkerOperator::kArbitrary;
    }
    for (std::size_t i = 0; i < 7; ++i) {
      if (!rest.starts_with(kOperators[i])) continue;
      at_ += kOperators[i].size();
      return static_cast<MarkerOperator>(i);
    }
    return std::nullopt;
  }

  // A keyword that neither goes on before nor behind.
  bool word(std::string_view keyword) {
    if (text_.substr(at_, keyword.size()) != keyword) return false;
    if (at_ > 0 && is_word_char(text_[at_ - 1])) return false;
    const std::size_t end = at_ + keyword.size();
    if (end < text_.size() && is_word_char(text_[end])) return false;
    at_ = end;
    return true;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (is_blank(peek())) ++at_;
  }
  Error fail(std::string what) const { return malformed_at(text_, at_, std::move(what)); }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace

std::string_view spelling(Variable variable) {
  return kVariables[static_cast<std::size_t>(variable)].text;
}

std::string_view spelling(MarkerOperator op) { return kOperators[static_cast<std::size_t>(op)]; }

bool is_version(Variable variable) {
  return variable == Variable::kImplementationVersion || variable == Variable::kPlatformRelease ||
         variable == Variable::kPythonFullVersion || variable == Variable::kPythonVersion;
}

Error malformed_at(std::string_view text, std::size_t position, std::string what) {
  Error error = pep::error(Fault::kMalformed, std::move(what));
  error.place = Place{.file = {}, .line = 0, .column = static_cast<int>(position) + 1};
  error.excerpt = std::string(text);
  return error;
}

Result<Marker::Node> parse_marker(std::string_view text, std::size_t* position) {
  Parser parser(text, *position);
  auto node = parser.sequence(0);
  *position = parser.position();
  return node;
}

}  // namespace pep

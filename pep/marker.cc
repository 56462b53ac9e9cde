// Evaluating and printing markers.
#include "pep/marker.h"

#include <algorithm>

#include "pep/marker_node.h"

namespace pep {

namespace {

// What a marker is evaluated against: `extra` is one of the extras that are asked for.
struct Question {
  const Environment& environment;
  std::string_view extra;
  std::span<const Name> extras;
  std::span<const Name> groups;
};

std::string_view value(Variable variable, const Question& question) {
  const Environment& environment = question.environment;
  switch (variable) {
    case Variable::kImplementationName:
      return environment.implementation_name;
    case Variable::kImplementationVersion:
      return environment.implementation_version;
    case Variable::kOsName:
      return environment.os_name;
    case Variable::kPlatformMachine:
      return environment.platform_machine;
    case Variable::kPlatformPythonImplementation:
      return environment.platform_python_implementation;
    case Variable::kPlatformRelease:
      return environment.platform_release;
    case Variable::kPlatformSystem:
      return environment.platform_system;
    case Variable::kPlatformVersion:
      return environment.platform_version;
    case Variable::kPythonFullVersion:
      return environment.python_full_version;
    case Variable::kPythonVersion:
      return environment.python_version;
    case Variable::kSysPlatform:
      return environment.sys_platform;
    case Variable::kExtra:
      return question.extra;
    case Variable::kExtras:
    case Variable::kDependencyGroups:
      break;
  }
  return {};
}

bool compare_text(std::string_view left, MarkerOperator op, std::string_view right) {
  switch (op) {
    case MarkerOperator::kEqual:
    case MarkerOperator::kLessEqual:
    case MarkerOperator::kGreaterEqual:
      return left == right;
    case MarkerOperator::kNotEqual:
      return left != right;
    case MarkerOperator::kIn:
      return right.find(left) != std::string_view::npos;
    case MarkerOperator::kNotIn:
      return right.find(left) == std::string_view::npos;
    case MarkerOperator::kLess:
    case MarkerOperator::kGreater:
    case MarkerOperator::kCompatible:  // these two are undefined for texts
    case MarkerOperator::kArbitrary:
      break;
  }
  return false;
}

bool is_member(const Comparison& asked, std::span<const Name> names) {
  const bool found = std::any_of(names.begin(), names.end(),
                                 [&](const Name& name) { return name.str() == asked.literal; });
  if (asked.op == MarkerOperator::kIn) return found;
  return asked.op == MarkerOperator::kNotIn && !found;
}

// A Python built from a checkout calls itself "3.14.0+", which is no version.
std::string repaired(std::string_view version) {
  std::string text(version);
  if (text.ends_with('+')) text += "local";
  return text;
}

bool holds(const Comparison& asked, const Question& question) {
  if (!asked.variable) return false;
  if (is_set(*asked.variable)) {
    if (asked.variable_left) return false;
    return is_member(asked,
                     *asked.variable == Variable::kExtras ? question.extras : question.groups);
  }
  const std::string_view have = value(*asked.variable, question);
  const bool repair = *asked.variable == Variable::kPythonFullVersion && have.ends_with('+');
  if (asked.specifier) {
    return repair ? asked.specifier->contains_text(repaired(have))
                  : asked.specifier->contains_text(have);
  }
  if (asked.variable_left) return compare_text(have, asked.op, asked.literal);
  if (is_version(*asked.variable) && asked.op < MarkerOperator::kIn) {
    const auto specifier =
        Specifier::of(static_cast<Operator>(asked.op), repair ? repaired(have) : have);
    if (specifier) return specifier->contains_text(asked.literal);
  }
  return compare_text(asked.literal, asked.op, have);
}

bool holds(const Marker::Node& node, const Question& question) {
  if (node.comparison) return holds(*node.comparison, question);
  bool all = true;
  for (const Marker::Node& item : node.sequence) {
    if (item.begins_alternative) {
      if (all) return true;
      all = true;
    }
    all = all && holds(item, question);
  }
  return all;
}

// The literal of a comparison that has to hold for the whole to hold, if it asks for one extra;
// else null.
const std::string* required_extra(const Marker::Node& node) {
  if (!node.names_extra) return nullptr;
  if (node.comparison) {
    const Comparison& asked = *node.comparison;
    const bool plain = asked.variable == Variable::kExtra && asked.op == MarkerOperator::kEqual &&
                       !asked.specifier && !asked.literal.empty();
    return plain ? &asked.literal : nullptr;
  }
  const std::string* found = nullptr;
  for (std::size_t i = 0; i < node.sequence.size(); ++i) {
    if (i > 0 && node.sequence[i].begins_alternative) return nullptr;
    if (found == nullptr) found = required_extra(node.sequence[i]);
  }
  return found;
}

void append_literal(std::string& text, const std::string& literal) {
  const char quote = literal.find('"') == std::string::npos ? '"' : '\'';
  text += quote;
  text += literal;
  text += quote;
}

void append(std::string& text, const Comparison& asked) {
  const auto append_variable = [&] {
    if (asked.variable) {
      text += spelling(*asked.variable);
    } else {
      append_literal(text, asked.other_literal);
    }
  };
  if (asked.variable_left) {
    append_variable();
  } else {
    append_literal(text, asked.literal);
  }
  text.append(" ").append(spelling(asked.op)).append(" ");
  if (asked.variable_left) {
    append_literal(text, asked.literal);
  } else {
    append_variable();
  }
}

void append(std::string& text, const Marker::Node& node, bool outermost) {
  if (node.comparison) return append(text, *node.comparison);
  if (node.sequence.size() == 1) return append(text, node.sequence.front(), outermost);
  if (!outermost) text += '(';
  for (std::size_t i = 0; i < node.sequence.size(); ++i) {
    if (i > 0) text += node.sequence[i].begins_alternative ? " or " : " and ";
    append(text, node.sequence[i], false);
  }
  if (!outermost) text += ')';
}

}  // namespace

Result<Marker> Marker::parse(std::string_view text) {
  std::size_t end = 0;
  auto node = parse_marker(text, &end);
  if (!node) return std::move(node).error();
  if (end != text.size()) {
    return malformed_at(text, end, "the marker should end here, or go on with 'and' or 'or'");
  }
  return of(*std::move(node));
}

Marker Marker::of(Node node) {
  auto root = std::make_shared<Node>(std::move(node));
  root->required_extra = pep::required_extra(*root);  // stays where it is from here on
  return Marker(std::move(root));
}

const std::string* Marker::required_extra() const { return root_->required_extra; }

bool Marker::holds(const Environment& environment, std::span<const Name> extras,
                   std::span<const Name> groups) const {
  Question question{environment, {}, extras, groups};
  if (!root_->names_extra || extras.empty()) return pep::holds(*root_, question);
  return std::any_of(extras.begin(), extras.end(), [&](const Name& extra) {
    question.extra = extra.str();
    return pep::holds(*root_, question);
  });
}

bool Marker::names_extra() const { return root_->names_extra; }

std::string Marker::str() const {
  std::string text;
  append(text, *root_, true);
  return text;
}

}  // namespace pep

// std::regex in its mode of polynomial time, with bounds: both sides may come from strangers.
#include "prescriptions/location.h"

#include <optional>
#include <regex>

namespace prescriptions {
namespace {

constexpr std::size_t kLongestExpression = 512;
constexpr std::size_t kLongestLocation = 4096;  // PATH_MAX

std::optional<std::regex> compile(const std::string& expression) {
  if (expression.size() > kLongestExpression) return std::nullopt;
  try {
    return std::regex(expression, std::regex::ECMAScript | std::regex_constants::__polynomial);
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

}  // namespace

bool is_location_expression(const std::string& expression) {
  return compile(expression).has_value();
}

bool matches_location(const std::string& expression, const std::string& location) {
  if (location.size() > kLongestLocation) return false;
  const auto compiled = compile(expression);
  try {
    return compiled && std::regex_match(location, *compiled);
  } catch (const std::regex_error&) {  // too complex
    return false;
  }
}

}  // namespace prescriptions

// A project name in the normal form of PEP 503: lower case, runs of "-_." as one "-".
// A Name is always normalised, so two Names are the same project exactly when they are equal.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace pep {

class Name {
 public:
  Name() = default;

  // Malformed if `text` is no valid project name (PEP 508: letters, digits, "-_.", ends
  // alphanumeric).
  static Result<Name> parse(std::string_view text);
  // Normalises without checking; for text that was checked before (a store record, a test).
  static Name of(std::string_view text);

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Name&) const = default;

 private:
  std::string text_;
};

// True if `text` is in normal form already.
bool is_normalized_name(std::string_view text);

}  // namespace pep

template <>
struct std::hash<pep::Name> {
  std::size_t operator()(const pep::Name& name) const {
    return std::hash<std::string>()(name.str());
  }
};

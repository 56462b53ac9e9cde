// Reading specifiers, and what each operator admits (PEP 440 "Version specifiers", as
// pypa/packaging reads it).
#include "pep/specifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pep/ascii.h"
#include "pep/version_fields.h"

namespace pep {

namespace {

struct Spelling {
  std::string_view text;
  Operator op;
};
// In the order of Operator; read with longer ones before those they begin with.
constexpr std::array<Spelling, 8> kSpellings = {{{"~=", Operator::kCompatible},
                                                 {"==", Operator::kEqual},
                                                 {"!=", Operator::kNotEqual},
                                                 {"<=", Operator::kLessEqual},
                                                 {">=", Operator::kGreaterEqual},
                                                 {"<", Operator::kLess},
                                                 {">", Operator::kGreater},
                                                 {"===", Operator::kArbitrary}}};

const Spelling* leading_operator(std::string_view text) {
  if (text.starts_with("===")) return &kSpellings.back();
  for (const Spelling& spelling : kSpellings) {
    if (text.starts_with(spelling.text)) return &spelling;
  }
  return nullptr;
}

bool takes_local(Operator op) { return op == Operator::kEqual || op == Operator::kNotEqual; }

// Why `operand` can't stand behind `op`: one clause for the error.
std::string complaint(Operator op, std::string_view operand) {
  if (operand.ends_with(".*")) {
    if (takes_local(op)) return "'.*' can only follow a plain release such as 1.2";
    return fmt::format("'.*' goes with == and != only; write {}{}", spelling(op),
                       operand.substr(0, operand.size() - 2));
  }
  Fields fields;
  if (!fields.scan(operand)) return "what follows the operator is no version";
  if (!fields.local.empty()) return "a local version ('+…') goes with == and != only";
  return "~= needs at least two numbers, such as ~=1.4";
}

bool same_prefix(const Fields& version, const Fields& operand, std::size_t parts) {
  if (version.epoch != operand.epoch) return false;
  for (std::size_t i = 0; i < parts; ++i) {
    const std::uint64_t part = i < version.release_size ? version.release()[i] : 0;
    if (part != operand.release()[i]) return false;
  }
  return true;
}

bool same_pre(const Fields& a, const Fields& b) {
  return a.pre == b.pre && a.pre_number == b.pre_number;
}

bool is_greater(const Fields& version, const Fields& operand) {
  if (compare_public(version, operand) <= 0) return false;
  // ">1.0" admits no post-release of 1.0; ">1.0.post1" admits 1.0.post2.
  if (operand.dev.present || operand.post.present) return true;
  return compare_release(version, operand) != 0 || !same_pre(version, operand);
}

// "<1.0" admits no pre-release of 1.0; "<1.0rc2" admits 1.0rc1. The bound below which versions are
// admitted.
Fields bound_of_less(Fields operand) {
  if (!operand.is_prerelease()) operand.dev = {true, 0};
  return operand;
}

// "1.2" as first and last key of the versions whose release begins with its first `parts` numbers.
bool prefix_keys(Fields operand, std::size_t parts, KeyRange* range) {
  operand.resize_release(parts);
  operand.pre = 0;
  operand.post = {};
  operand.dev = {true, 0};
  range->first = operand.pack();
  if (operand.release()[operand.release_size - 1] == UINT64_MAX) return false;
  ++operand.release()[operand.release_size - 1];
  const std::uint64_t end = operand.pack();
  range->last = end - 1;
  return range->first != 0 && end != 0;
}

}  // namespace

std::string_view spelling(Operator op) { return kSpellings[static_cast<std::size_t>(op)].text; }

std::optional<Specifier> Specifier::of(Operator op, std::string_view operand) {
  operand = trim(operand);
  Specifier specifier(op, operand);
  if (op == Operator::kArbitrary) {
    if (std::any_of(operand.begin(), operand.end(),
                    [](char c) { return is_space(c) || c == ';' || c == ')'; })) {
      return std::nullopt;
    }
    specifier.version_ = Version::try_parse(operand).value_or(Version());
    return specifier;
  }
  specifier.wildcard_ = takes_local(op) && operand.ends_with(".*");
  if (specifier.wildcard_) operand.remove_suffix(2);
  auto version = Version::try_parse(operand);
  if (!version || (version->has_local() && !takes_local(op))) return std::nullopt;
  if (op == Operator::kCompatible && version->release_size() < 2) return std::nullopt;
  if (specifier.wildcard_) {
    // A plain release: nothing behind the last number, not even a space before the ".*".
    if (version->is_prerelease() || version->is_postrelease() || version->has_local() ||
        !is_digit(operand.back())) {
      return std::nullopt;
    }
  }
  specifier.version_ = *std::move(version);
  specifier.find_range();
  return specifier;
}

Result<Specifier> Specifier::parse(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const Spelling* found = leading_operator(trimmed);
  if (found == nullptr) {
    return pep::error(Fault::kMalformed,
                      fmt::format("'{}' is no version specifier: it must begin with one of "
                                  "~= == != <= >= < > ===",
                                  trimmed.substr(0, 80)));
  }
  const std::string_view operand = trim(trimmed.substr(found->text.size()));
  if (auto specifier = of(found->op, operand)) return *std::move(specifier);
  return pep::error(Fault::kMalformed,
                    fmt::format("'{}' is no version specifier: {}", trimmed.substr(0, 80),
                                complaint(found->op, operand)));
}

void Specifier::find_range() {
  Fields operand;
  version_.read(operand);
  const std::uint64_t key = version_.key();
  ranged_ = key != 0;
  switch (op_) {
    case Operator::kEqual:
    case Operator::kNotEqual:
      range_.inverted = op_ == Operator::kNotEqual;
      if (wildcard_) {
        ranged_ = prefix_keys(std::move(operand), version_.release_size(), &range_);
      } else {
        range_.first = range_.last = key;
      }
      break;
    case Operator::kCompatible:
      ranged_ = prefix_keys(std::move(operand), version_.release_size() - 1, &range_) && ranged_;
      range_.first = key;
      break;
    case Operator::kGreaterEqual:
      range_.first = key;
      break;
    case Operator::kLessEqual:
      range_.last = key;
      break;
    case Operator::kGreater: {
      const bool one = operand.dev.present || operand.post.present;
      range_.first = one ? key + 1 : operand.pack_after_posts();
      ranged_ = ranged_ && range_.first != 0;
      break;
    }
    case Operator::kLess: {
      const std::uint64_t bound = bound_of_less(std::move(operand)).pack();
      range_.last = bound - 1;
      ranged_ = ranged_ && bound != 0;
      break;
    }
    case Operator::kArbitrary:
      ranged_ = false;
  }
}

bool Specifier::contains_exactly(const Version& version) const {
  if (op_ == Operator::kArbitrary) return equal_ignoring_case(text_, version.str());
  Fields have;
  Fields operand;
  version.read(have);
  version_.read(operand);
  if (wildcard_) {
    return same_prefix(have, operand, operand.release_size) == (op_ == Operator::kEqual);
  }
  switch (op_) {
    case Operator::kEqual:
    case Operator::kNotEqual: {
      const bool equal =
          operand.local.empty() ? compare_public(have, operand) == 0 : compare(have, operand) == 0;
      return equal == (op_ == Operator::kEqual);
    }
    case Operator::kCompatible:
      return compare_public(have, operand) >= 0 &&
             same_prefix(have, operand, operand.release_size - 1);
    case Operator::kGreaterEqual:
      return compare_public(have, operand) >= 0;
    case Operator::kLessEqual:
      return compare_public(have, operand) <= 0;
    case Operator::kGreater:
      return is_greater(have, operand);
    case Operator::kLess:
      return compare_public(have, bound_of_less(std::move(operand))) < 0;
    case Operator::kArbitrary:
      break;
  }
  return false;
}

bool Specifier::contains_text(std::string_view version) const {
  if (op_ == Operator::kArbitrary) return equal_ignoring_case(text_, version);
  const auto parsed = Version::try_parse(version);
  return parsed && contains(*parsed);
}

std::optional<KeyRange> Specifier::key_range() const {
  return ranged_ ? std::optional(range_) : std::nullopt;
}

bool Specifier::names_prerelease() const {
  return op_ != Operator::kNotEqual && !wildcard_ && version_.is_prerelease();
}

std::string Specifier::str() const { return std::string(spelling(op_)).append(text_); }

bool Specifier::operator==(const Specifier& other) const {
  if (op_ != other.op_ || wildcard_ != other.wildcard_) return false;
  if (op_ == Operator::kArbitrary) return text_ == other.text_;
  const bool size_matters = wildcard_ || op_ == Operator::kCompatible;
  return version_ == other.version_ &&
         (!size_matters || version_.release_size() == other.version_.release_size());
}

}  // namespace pep

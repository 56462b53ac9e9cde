// PEP 440 where it can be, text where it can't.
#include "prescriptions/version_range.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"

namespace prescriptions {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// Part by part, as old tools did it: any text without spaces after one of the six comparisons.
std::optional<VersionRange::TextClause> text_clause(std::string_view part) {
  constexpr std::array<std::string_view, 6> kComparisons = {"==", "!=", "<=", ">=", "<", ">"};
  for (const std::string_view op : kComparisons) {
    if (!part.starts_with(op)) continue;
    const std::string_view text = trimmed(part.substr(op.size()));
    if (text.find_first_of(" \t\r\n;)") != std::string_view::npos) return std::nullopt;
    return VersionRange::TextClause{std::string(op), std::string(text)};
  }
  return std::nullopt;
}

}  // namespace

pep::Result<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange range;
  range.text_ = text;
  range.given_ = true;
  if (text.size() > 4096)
    return pep::error(pep::Fault::kMalformed, "the version specifier is too long");
  std::string standard;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view part = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (part.empty()) continue;
    if (pep::Specifier::parse(part)) {
      standard.append(standard.empty() ? "" : ",").append(part);
    } else if (auto clause = text_clause(part)) {
      range.never_ = range.never_ || (clause->op != "==" && clause->op != "!=");
      range.clauses_.push_back(std::move(*clause));
    } else {
      return pep::error(
          pep::Fault::kMalformed,
          fmt::format("\"{}\" is no version specifier; write for example >=1.0,<2.0", text));
    }
  }
  auto specifiers = pep::SpecifierSet::parse(standard);
  if (!specifiers) return std::move(specifiers).error();
  range.specifiers_ = *std::move(specifiers);
  return range;
}

bool VersionRange::contains(const pep::Version& version, Prereleases prereleases) const {
  if (never_) return false;
  if (!clauses_.empty()) {
    const std::string text = version.str();
    for (const TextClause& clause : clauses_) {
      if ((clause.op == "==") != (clause.text == text)) return false;
    }
  }
  if (prereleases == Prereleases::kAlways) return specifiers_.contains(version);
  if (!given_) return true;  // no `version` at all means any, pre-releases too
  return specifiers_.contains(version, std::nullopt);
}

}  // namespace prescriptions

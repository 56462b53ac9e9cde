// Warnings that need more than one field.
#include "prescriptions/lint.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "fmt/format.h"

namespace prescriptions {
namespace {

// Versions around every bound of the range: if none of them is in it, none is. Half-open and exact
// parts need the bound itself, what comes just before and just after it.
std::vector<pep::Version> probes(const VersionRange& range) {
  std::vector<pep::Version> versions;
  const auto add = [&](const std::string& text) {
    if (auto version = pep::Version::parse(text)) versions.push_back(*std::move(version));
  };
  add("0.dev0");
  add("999999");
  for (const pep::Specifier& specifier : range.specifiers().specifiers()) {
    if (specifier.op() == pep::Operator::kArbitrary) {
      add(specifier.text());
      continue;
    }
    const pep::Version& bound = specifier.version();
    const std::string base = bound.base_str();
    add(bound.str());
    add(bound.public_str());
    add(base);
    for (const char* suffix : {".dev0", "a0", ".post0", ".0.1", ".post999999", ".999999"})
      add(base + suffix);
    if (!bound.is_prerelease()) {
      // The one before: 1.4 -> 1.3.999999.
      std::string before;
      for (std::size_t part = bound.release_size(); part-- > 0;) {
        if (bound.release(part) == 0) continue;
        before = bound.epoch() > 0 ? fmt::format("{}!", bound.epoch()) : std::string();
        for (std::size_t i = 0; i < part; ++i) before += fmt::format("{}.", bound.release(i));
        before += fmt::format("{}.999999", bound.release(part) - 1);
        break;
      }
      if (!before.empty()) add(before);
      // The next ones: 1.4 -> 1.5, 2.
      for (std::size_t part = 0; part < bound.release_size(); ++part) {
        std::string after = bound.epoch() > 0 ? fmt::format("{}!", bound.epoch()) : std::string();
        for (std::size_t i = 0; i < part; ++i) after += fmt::format("{}.", bound.release(i));
        add(after + fmt::format("{}", bound.release(part) + 1));
      }
    }
  }
  return versions;
}

}  // namespace

bool is_empty(const VersionRange& range) {
  if (!range.text_clauses().empty()) return range.never();
  if (range.specifiers().specifiers().size() < 2) return false;
  const std::vector<pep::Version> versions = probes(range);
  return std::ranges::none_of(
      versions, [&](const pep::Version& version) { return range.specifiers().contains(version); });
}

void lint(Reading& reading) {
  std::array<std::set<std::string_view>, kKinds> names;
  for (const Unit& unit : reading.book.units) {
    names[static_cast<std::size_t>(kind_of(unit))].insert(unit.qualified);
  }
  for (const Unit& unit : reading.book.units) {
    if (unit.should_include == nullptr) continue;
    const auto warn = [&](std::string code, std::string message, std::string path) {
      reading.warnings.push_back({std::move(code), std::move(message),
                                  reading.book.files[unit.origin.file], unit.origin.line,
                                  unit.origin.column, std::move(path)});
    };
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      for (const std::string& name : unit.should_include->dependencies[kind]) {
        if (names[kind].contains(name)) continue;
        const char* plural = plural_name_of(static_cast<Kind>(kind));
        warn("unknown_dependency",
             fmt::format(
                 "{} depends on the {} {}, which is not among these rules{}", unit.qualified,
                 name_of(static_cast<Kind>(kind)), name,
                 name.find('.') == std::string::npos ? "; names are written NAMESPACE.NAME" : ""),
             fmt::format("should_include.dependencies.{}", plural));
      }
    }
    if (!unit.should_include->adviser_pipeline &&
        !unit.should_include->dependency_monkey_pipeline) {
      warn(
          "never_included",
          fmt::format("{} takes part in no pipeline: adviser_pipeline is not true", unit.qualified),
          "should_include");
    }
  }
  std::ranges::stable_sort(reading.warnings, {}, [](const Fault& fault) {
    return std::tie(fault.file, fault.line, fault.column, fault.path, fault.code);
  });
}

}  // namespace prescriptions

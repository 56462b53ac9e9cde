// A statement about one package: "is selected, in this range" (positive) or its negation, which
// also holds when the package is not selected at all. The literals of PubGrub.
#pragma once

#include <cstdint>

#include "resolver/solve/range.h"

namespace resolver::solve {

// A package of the problem, or one of its extras ("name[extra]" is a package of its own). Dense,
// from 0.
using PackageId = std::uint32_t;

struct Term {
  Range range;
  bool positive = true;

  static Term in(Range range) { return {std::move(range), true}; }
  static Term not_in(Range range) { return {std::move(range), false}; }

  Term negation() const { return {range, !positive}; }
  // True of everything: "not in the empty range".
  bool always() const { return !positive && range.empty(); }
  bool operator==(const Term&) const = default;
};

// Both hold.
inline Term intersect(const Term& a, const Term& b) {
  if (a.positive && b.positive) return Term::in(intersect(a.range, b.range));
  if (a.positive) return Term::in(subtract(a.range, b.range));
  if (b.positive) return Term::in(subtract(b.range, a.range));
  return Term::not_in(unite(a.range, b.range));
}

// At least one holds.
inline Term unite(const Term& a, const Term& b) {
  return intersect(a.negation(), b.negation()).negation();
}

enum class Relation { kSatisfied, kContradicted, kInconclusive };

// What knowing `known` says of `asked`.
inline Relation relation(const Term& known, const Term& asked) {
  if (known.positive && asked.positive) {
    if (subset(known.range, asked.range)) return Relation::kSatisfied;
    return disjoint(known.range, asked.range) ? Relation::kContradicted : Relation::kInconclusive;
  }
  if (known.positive) {
    if (disjoint(known.range, asked.range)) return Relation::kSatisfied;
    return subset(known.range, asked.range) ? Relation::kContradicted : Relation::kInconclusive;
  }
  if (asked.positive) {
    return subset(asked.range, known.range) ? Relation::kContradicted : Relation::kInconclusive;
  }
  return subset(asked.range, known.range) ? Relation::kSatisfied : Relation::kInconclusive;
}

}  // namespace resolver::solve

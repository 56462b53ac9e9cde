#include "resolver/solve/range.h"

#include <gtest/gtest.h>

#include <random>

#include "resolver/solve/term.h"

namespace resolver::solve {
namespace {

constexpr VersionIndex kUniverse = 12;

Range of_bits(unsigned bits) {
  Range range;
  for (VersionIndex i = 0; i < kUniverse; ++i) {
    if ((bits >> i & 1U) != 0) range = unite(range, Range::one(i));
  }
  return range;
}

unsigned bits_of(const Range& range) {
  unsigned bits = 0;
  for (VersionIndex i = 0; i < kUniverse; ++i)
    bits |= static_cast<unsigned>(range.contains(i)) << i;
  return bits;
}

TEST(Range, TouchingIntervalsAreJoined) {
  Range range = unite(Range::between(0, 3), Range::between(3, 5));
  EXPECT_EQ(range, Range::between(0, 5));
  EXPECT_EQ(range.size(), 1U);
}

TEST(Range, ComplementOfAllIsEmpty) {
  EXPECT_TRUE(Range::all().complement().empty());
  EXPECT_TRUE(Range().complement().is_all());
}

TEST(Range, AgreesWithSetsOfBits) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    unsigned a = random() & 0xFFF;
    unsigned b = random() & 0xFFF;
    Range x = of_bits(a);
    Range y = of_bits(b);
    ASSERT_EQ(bits_of(intersect(x, y)), a & b);
    ASSERT_EQ(bits_of(unite(x, y)), a | b);
    ASSERT_EQ(bits_of(subtract(x, y)), a & ~b);
    ASSERT_EQ(bits_of(x.complement()), ~a & 0xFFF);
    ASSERT_EQ(subset(x, y), (a & ~b) == 0);
    ASSERT_EQ(disjoint(x, y), (a & b) == 0);
    ASSERT_EQ(x == y, a == b);
  }
}

TEST(Term, RelationToANegativeTerm) {
  Term known = Term::in(Range::between(2, 4));
  EXPECT_EQ(relation(known, Term::not_in(Range::between(5, 9))), Relation::kSatisfied);
  EXPECT_EQ(relation(known, Term::not_in(Range::between(0, 9))), Relation::kContradicted);
  EXPECT_EQ(relation(known, Term::not_in(Range::between(3, 9))), Relation::kInconclusive);
}

TEST(Term, ANegativeTermNeverSaysThatAPackageIsSelected) {
  EXPECT_EQ(relation(Term::not_in(Range::between(0, 3)), Term::in(Range::between(3, 100))),
            Relation::kInconclusive);
}

}  // namespace
}  // namespace resolver::solve

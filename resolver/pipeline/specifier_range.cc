#include "resolver/pipeline/specifier_range.h"

#include <optional>
#include <vector>

namespace resolver::pipeline {

namespace {

using solve::Interval;
using solve::Range;
using solve::VersionIndex;

// The first index in [begin, end) for which `holds` is false; `holds` is true up to there.
template <class Predicate>
VersionIndex partition(VersionIndex begin, VersionIndex end, const Predicate& holds) {
  while (begin < end) {
    VersionIndex middle = begin + (end - begin) / 2;
    if (holds(middle)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

Range by_looking_at_each(const pep::Specifier& specifier, const index::Page& page) {
  std::vector<Interval> intervals;
  for (VersionIndex i = 0; i < page.version_count(); ++i) {
    if (specifier.contains(page.version(i))) intervals.push_back({i, i + 1});
  }
  return Range::of(intervals);
}

// The versions that "==" admits stand together; they begin at the first version not below `from`.
Range together(const pep::Specifier& specifier, const pep::Version& from, const index::Page& page) {
  const VersionIndex count = page.version_count();
  VersionIndex begin = partition(0, count, [&](VersionIndex i) { return page.version(i) < from; });
  VersionIndex end =
      partition(begin, count, [&](VersionIndex i) { return specifier.contains(page.version(i)); });
  return Range::between(begin, end);
}

Range equal(const pep::Specifier& specifier, const index::Page& page) {
  if (!specifier.wildcard()) return together(specifier, specifier.version(), page);
  auto first = pep::Version::parse(specifier.version().base_str() + ".dev0");
  return first ? together(specifier, *first, page) : by_looking_at_each(specifier, page);
}

Range by_keys(const pep::KeyRange& keys, const index::Page& page) {
  const VersionIndex count = page.version_count();
  const VersionIndex begin =
      partition(0, count, [&](VersionIndex i) { return page.version_key(i) < keys.first; });
  const VersionIndex end =
      partition(begin, count, [&](VersionIndex i) { return page.version_key(i) <= keys.last; });
  if (!keys.inverted) return Range::between(begin, end);
  return unite(Range::between(0, begin), Range::between(end, count));
}

Range range_of(const pep::Specifier& specifier, const index::Page& page) {
  const VersionIndex count = page.version_count();
  auto contained = [&](VersionIndex i) { return specifier.contains(page.version(i)); };
  auto outside = [&](VersionIndex i) { return !specifier.contains(page.version(i)); };
  switch (specifier.op()) {
    case pep::Operator::kGreaterEqual:
      return Range::between(partition(0, count, outside), count);
    case pep::Operator::kLessEqual:
      return Range::between(0, partition(0, count, contained));
    case pep::Operator::kLess:
      return Range::between(0, partition(0, count, contained));
    case pep::Operator::kGreater:
      // "> 1.0rc1" leaves out 1.0.post1 in the middle: no single interval.
      if (specifier.names_prerelease()) return by_looking_at_each(specifier, page);
      return Range::between(partition(0, count, outside), count);
    case pep::Operator::kCompatible:
      return together(specifier, specifier.version(), page);
    case pep::Operator::kEqual:
      return equal(specifier, page);
    case pep::Operator::kNotEqual:
    case pep::Operator::kArbitrary:
      break;
  }
  return by_looking_at_each(specifier, page);
}

}  // namespace

bool all_versions_have_keys(const index::Page& page) {
  for (VersionIndex i = 0; i < page.version_count(); ++i) {
    if (page.version_key(i) == 0) return false;
  }
  return true;
}

Range range_of(const pep::SpecifierSet& specifiers, const index::Page& page, bool keyed) {
  if (specifiers.empty()) return Range::all();
  Range range = Range::between(0, page.version_count());
  for (const pep::Specifier& specifier : specifiers.specifiers()) {
    const auto keys = keyed ? specifier.key_range() : std::nullopt;
    range = intersect(range, keys ? by_keys(*keys, page) : range_of(specifier, page));
  }
  return range;
}

}  // namespace resolver::pipeline

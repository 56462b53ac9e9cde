#include "resolver/solve/range.h"

#include <algorithm>
#include <limits>

namespace resolver::solve {

namespace {
constexpr VersionIndex kEnd = std::numeric_limits<VersionIndex>::max();
}

Range Range::all() { return between(0, kEnd); }

Range Range::between(VersionIndex begin, VersionIndex end) {
  Range range;
  if (begin < end) range.append({begin, end});
  return range;
}

Range Range::of(const std::vector<Interval>& intervals) {
  Range range;
  for (const Interval& interval : intervals) {
    if (interval.begin < interval.end) range.append(interval);
  }
  return range;
}

void Range::append(Interval interval) {
  if (size_ > 0) {
    Interval& last = size_ == 1 ? first_ : many_.back();
    if (last.end >= interval.begin) {
      last.end = std::max(last.end, interval.end);
      return;
    }
  }
  if (size_ == 0) {
    first_ = interval;
  } else {
    if (size_ == 1) {
      many_.clear();
      many_.push_back(first_);
    }
    many_.push_back(interval);
  }
  ++size_;
}

bool Range::is_all() const { return size_ == 1 && first_.begin == 0 && first_.end == kEnd; }

bool Range::contains(VersionIndex index) const {
  if (size_ <= 1) return size_ == 1 && first_.begin <= index && index < first_.end;
  const Interval* found = std::upper_bound(
      begin(), end(), index,
      [](VersionIndex value, const Interval& interval) { return value < interval.begin; });
  return found != begin() && index < (found - 1)->end;
}

Range Range::complement() const {
  Range result;
  VersionIndex from = 0;
  for (const Interval& interval : *this) {
    if (from < interval.begin) result.append({from, interval.begin});
    from = interval.end;
  }
  if (from < kEnd) result.append({from, kEnd});
  return result;
}

Range intersect(const Range& a, const Range& b) {
  Range result;
  const Interval* i = a.begin();
  const Interval* j = b.begin();
  while (i != a.end() && j != b.end()) {
    VersionIndex begin = std::max(i->begin, j->begin);
    VersionIndex end = std::min(i->end, j->end);
    if (begin < end) result.append({begin, end});
    if (i->end < j->end) {
      ++i;
    } else {
      ++j;
    }
  }
  return result;
}

Range unite(const Range& a, const Range& b) {
  Range result;
  const Interval* i = a.begin();
  const Interval* j = b.begin();
  while (i != a.end() || j != b.end()) {
    bool take_a = j == b.end() || (i != a.end() && i->begin <= j->begin);
    result.append(take_a ? *i++ : *j++);
  }
  return result;
}

Range subtract(const Range& a, const Range& b) {
  Range result;
  const Interval* j = b.begin();
  for (const Interval& interval : a) {
    VersionIndex from = interval.begin;
    while (j != b.end() && j->end <= from) ++j;
    for (const Interval* cut = j; cut != b.end() && cut->begin < interval.end; ++cut) {
      if (from < cut->begin) result.append({from, cut->begin});
      from = std::max(from, cut->end);
    }
    if (from < interval.end) result.append({from, interval.end});
  }
  return result;
}

bool subset(const Range& a, const Range& b) {
  const Interval* j = b.begin();
  for (const Interval& interval : a) {
    while (j != b.end() && j->end <= interval.begin) ++j;
    if (j == b.end() || j->begin > interval.begin || j->end < interval.end) return false;
  }
  return true;
}

bool disjoint(const Range& a, const Range& b) {
  const Interval* i = a.begin();
  const Interval* j = b.begin();
  while (i != a.end() && j != b.end()) {
    if (i->end <= j->begin) {
      ++i;
    } else if (j->end <= i->begin) {
      ++j;
    } else {
      return false;
    }
  }
  return true;
}

bool Range::operator==(const Range& other) const {
  return size_ == other.size_ && std::equal(begin(), end(), other.begin());
}

}  // namespace resolver::solve

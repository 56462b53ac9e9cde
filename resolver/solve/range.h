// A set of versions of one package, as sorted, disjoint, half-open intervals of indices into the
// package's versions (ascending: index 0 is the oldest). Most sets are one interval, which needs no
// allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace resolver::solve {

using VersionIndex = std::uint32_t;

struct Interval {
  VersionIndex begin;
  VersionIndex end;  // one past the last
  bool operator==(const Interval&) const = default;
};

class Range {
 public:
  Range() = default;   // empty
  static Range all();  // every version there may be
  static Range one(VersionIndex index) { return between(index, index + 1); }
  static Range between(VersionIndex begin, VersionIndex end);
  // `intervals` sorted and disjoint; touching ones are joined.
  static Range of(const std::vector<Interval>& intervals);

  bool empty() const { return size_ == 0; }
  bool is_all() const;
  bool contains(VersionIndex index) const;
  std::size_t size() const { return size_; }  // number of intervals
  const Interval* begin() const { return size_ <= 1 ? &first_ : many_.data(); }
  const Interval* end() const { return begin() + size_; }

  Range complement() const;
  friend Range intersect(const Range& a, const Range& b);
  friend Range unite(const Range& a, const Range& b);
  friend Range subtract(const Range& a, const Range& b);
  friend bool subset(const Range& a, const Range& b);
  friend bool disjoint(const Range& a, const Range& b);
  bool operator==(const Range& other) const;

 private:
  void append(Interval interval);

  Interval first_{0, 0};  // valid if size_ == 1
  std::uint32_t size_ = 0;
  std::vector<Interval> many_;  // valid if size_ > 1
};

}  // namespace resolver::solve

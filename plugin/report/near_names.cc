// Edit distance (optimal string alignment) with a bound; see near_names.h.
#include "plugin/report/near_names.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace plugin {
namespace {

constexpr std::size_t kLongest = 64;  // longer names are no typing mistakes of anything

// Edits between two names of at most kLongest characters; `bound` + 1 if there are more than
// `bound`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > bound) return bound + 1;
  std::array<std::array<std::size_t, kLongest + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > bound) return bound + 1;
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& known,
                                    std::size_t most) {
  if (name.empty() || name.size() > kLongest) return {};
  const std::size_t bound = name.size() <= 3 ? 1 : name.size() <= 8 ? 2 : 3;
  // Of names that are equally near, those of the same length come first: a wrong letter is likelier
  // than a missing one.
  std::vector<std::tuple<std::size_t, bool, std::string_view>> near;
  for (const std::string& other : known) {
    if (other.size() > kLongest || other == name) continue;
    std::size_t edits = distance(name, other, bound);
    // "python-dateutil" for "dateutil", "opencv-python" for "opencv": one name is a whole word of
    // the other.
    const bool word =
        other.size() > name.size() + 1 &&
        (other.starts_with(std::string(name) + "-") || other.ends_with("-" + std::string(name)));
    if (edits > bound && word) edits = bound;
    if (edits <= bound) near.emplace_back(edits, other.size() != name.size(), other);
  }
  std::ranges::sort(near);
  const auto repeated = std::ranges::unique(near);
  near.erase(repeated.begin(), repeated.end());
  if (near.size() > most) near.resize(most);
  std::vector<std::string> names;
  for (const auto& [edits, longer, other] : near) names.emplace_back(other);
  return names;
}

}  // namespace plugin

// How a search went, episode by episode: kept as lines of text, drawn as SVG. Many episodes are
// summed up, so that neither grows without end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pep/result.h"

namespace plugin {

struct HistoryPoint {
  std::uint64_t episode = 0;    // the last of those summed up
  std::optional<double> score;  // mean of the stacks that were not refused
  double best = 0;              // so far
  double temperature = 0;
  double explored = 0;  // share of the episodes
};

struct History {
  std::string predictor;
  std::uint64_t seed = 0;
  std::uint64_t limit = 0;
  std::optional<double> upper;  // no stack scores higher; none: not known
  std::vector<HistoryPoint> points;
};

std::string history_text(const History& history);
// Malformed, with the line, for what is none.
pep::Result<History> read_history(std::string_view text, const std::string& path);
// Scores and the bound above, temperature and the share of exploration below. A document of its
// own, or a part of an HTML page.
std::string history_svg(const History& history);

}  // namespace plugin

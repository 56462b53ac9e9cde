// The lines of a history: a head, names of columns, a line a point, tabs between.
#include "plugin/report/history.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace plugin {

namespace {

constexpr std::string_view kHead = "# seshat.history/1";
constexpr std::size_t kMostPoints = 1'000'000;

std::string_view take(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

template <class Number>
bool number(std::string_view text, Number& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return false;
  return std::isfinite(static_cast<double>(value));
}

bool read_head(std::string_view line, History& history) {
  if (take(line, '\t') != kHead) return false;
  while (!line.empty()) {
    std::string_view part = take(line, '\t');
    const std::string_view key = take(part, '=');
    double upper = 0;
    if (key == "predictor") history.predictor = part;
    if (key == "seed" && !number(part, history.seed)) return false;
    if (key == "limit" && !number(part, history.limit)) return false;
    if (key == "upper") {
      if (!number(part, upper)) return false;
      history.upper = upper;
    }
  }
  return true;
}

bool read_point(std::string_view line, HistoryPoint& point) {
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) part = take(line, '\t');
  double score = 0;
  if (parts[1] != "-") {
    if (!number(parts[1], score)) return false;
    point.score = score;
  }
  return line.empty() && number(parts[0], point.episode) && number(parts[2], point.best) &&
         number(parts[3], point.temperature) && number(parts[4], point.explored);
}

}  // namespace

std::string history_text(const History& history) {
  std::string out = fmt::format("{}\tpredictor={}\tseed={}\tlimit={}", kHead, history.predictor,
                                history.seed, history.limit);
  if (history.upper) out += fmt::format("\tupper={:.9g}", *history.upper);
  out += "\nepisode\tscore\tbest\ttemperature\texplored\n";
  for (const HistoryPoint& point : history.points) {
    out += fmt::format("{}\t{}\t{:.6g}\t{:.6g}\t{:.4g}\n", point.episode,
                       point.score ? fmt::format("{:.6g}", *point.score) : "-", point.best,
                       point.temperature, point.explored);
  }
  return out;
}

pep::Result<History> read_history(std::string_view text, const std::string& path) {
  History history;
  int line = 0;
  while (!text.empty()) {
    ++line;
    const std::string_view one = take(text, '\n');
    bool right = true;
    if (line == 1) {
      right = read_head(one, history);
    } else if (line > 2) {
      right =
          read_point(one, history.points.emplace_back()) && line < static_cast<int>(kMostPoints);
    }
    if (right) continue;
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("{}:{} is no line of a history: it is what `seshat advise "
                                  "--history FILE` writes",
                                  path, line));
  }
  if (line == 0)
    return pep::error(pep::Fault::kMalformed, path + " is empty: no history was recorded");
  return history;
}

}  // namespace plugin

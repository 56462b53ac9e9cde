// Draws a history.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plugin/report/history.h"
#include "plugin/report/markup.h"

namespace plugin {

namespace {

constexpr double kLeft = 70;
constexpr double kRight = 790;
constexpr std::size_t kMostDrawn = 2000;  // points of a line

struct Panel {
  double top, bottom, low, high;
  double y(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return bottom - share * (bottom - top);
  }
};

class Drawing {
 public:
  explicit Drawing(const History& history) : history_(history) {
    for (std::size_t i = 0; i < history.points.size(); i += 1 + history.points.size() / kMostDrawn)
      drawn_.push_back(&history.points[i]);
    if (!history.points.empty() && drawn_.back() != &history.points.back())
      drawn_.push_back(&history.points.back());
    last_ = history.points.empty() ? 1.0 : static_cast<double>(history.points.back().episode);
  }

  std::string run() {
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 430\" width=\"860\" "
        "height=\"430\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<title>Search history</title>\n<rect width=\"860\" height=\"430\" fill=\"white\"/>\n");
    text(kLeft, 18, "start",
         fmt::format("{}, seed {}, {} of {} episodes", history_.predictor, history_.seed,
                     static_cast<std::uint64_t>(drawn_.empty() ? 0 : last_), history_.limit));
    scores();
    heat();
    text((kLeft + kRight) / 2, 424, "middle", "episodes");
    return out_ + "</svg>\n";
  }

 private:
  void scores() {
    Panel panel{40, 240, 0, 0};
    bool any = false;
    const auto see = [&](double value) {
      panel.low = any ? std::min(panel.low, value) : value;
      panel.high = any ? std::max(panel.high, value) : value;
      any = true;
    };
    for (const HistoryPoint* point : drawn_) {
      see(point->best);
      if (point->score) see(*point->score);
    }
    if (history_.upper && any && *history_.upper - panel.high < 2 * (panel.high - panel.low) + 1)
      see(*history_.upper);
    frame(panel, "score");
    if (history_.upper && *history_.upper <= panel.high) {
      const double y = panel.y(*history_.upper);
      out_ += fmt::format(
          "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#777\" "
          "stroke-dasharray=\"6 4\"/>\n",
          kLeft, y, kRight, y);
      text(kRight + 4, y + 4, "start", "bound");
    }
    line(panel, "#9bb8d3",
         [](const HistoryPoint& point) { return point.score ? *point.score : std::nan(""); });
    line(panel, "#b03a2e", [](const HistoryPoint& point) { return point.best; });
    legend(kLeft + 10, 56, "#b03a2e", "best so far");
    legend(kLeft + 110, 56, "#9bb8d3", "of the episode");
  }

  void heat() {
    Panel panel{270, 390, 0, 0};
    for (const HistoryPoint* point : drawn_) panel.high = std::max(panel.high, point->temperature);
    Panel shares = panel;
    shares.high = 1;
    frame(panel, "temperature");
    text(kRight + 4, panel.top + 4, "start", "100 %");
    text(kRight + 4, panel.bottom + 4, "start", "0 %");
    line(shares, "#7dac6b", [](const HistoryPoint& point) { return point.explored; });
    line(panel, "#c77c11", [](const HistoryPoint& point) { return point.temperature; });
    legend(kLeft + 10, 286, "#c77c11", "temperature");
    legend(kLeft + 110, 286, "#7dac6b", "share of exploration");
  }

  void frame(const Panel& panel, std::string_view name) {
    out_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" "
        "stroke=\"#ccc\"/>\n",
        kLeft, panel.top, kRight - kLeft, panel.bottom - panel.top);
    text(kLeft - 6, panel.top + 4, "end", fmt::format("{:.3g}", panel.high));
    text(kLeft - 6, panel.bottom + 4, "end", fmt::format("{:.3g}", panel.low));
    text(kLeft - 6, (panel.top + panel.bottom) / 2 + 4, "end", name);
  }

  void text(double x, double y, std::string_view anchored, std::string_view words) {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
                        anchored, escaped(words));
  }

  void legend(double x, double y, std::string_view color, std::string_view words) {
    out_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
        "stroke-width=\"2\"/>\n",
        x, y - 4, x + 14, y - 4, color);
    text(x + 18, y, "start", words);
  }

  template <class Of>
  void line(const Panel& panel, std::string_view color, Of of) {
    std::string points;
    for (const HistoryPoint* point : drawn_) {
      const double value = of(*point);
      if (std::isnan(value)) continue;
      const double x =
          kLeft + (kRight - kLeft) * static_cast<double>(point->episode) / std::max(last_, 1.0);
      points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x, panel.y(value));
    }
    if (points.empty()) return;
    out_ += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\"/>\n", points, color);
  }

  const History& history_;
  std::vector<const HistoryPoint*> drawn_;
  double last_ = 1;
  std::string out_;
};

}  // namespace

std::string history_svg(const History& history) { return Drawing(history).run(); }

}  // namespace plugin

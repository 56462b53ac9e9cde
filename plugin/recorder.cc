#include "plugin/recorder.h"

#include <cmath>

namespace plugin {

namespace {
constexpr std::size_t kMostPoints = 20'000;
constexpr std::uint64_t kEpisodesBetween = 64;  // looks at the clock
}  // namespace

void Recorder::see(const resolver::learn::Observation& seen) {
  if (progress_ && seen.episode % kEpisodesBetween == 0) show(seen);
  if (history_ == nullptr) return;
  if (std::isfinite(seen.upper)) history_->upper = seen.upper;
  ++count_;
  if (!std::isnan(seen.score)) {
    ++scored_;
    score_ += seen.score;
  }
  explored_ += seen.explored ? 1 : 0;
  open_.episode = seen.episode;
  open_.best = seen.best;
  open_.temperature = seen.temperature;
  if (count_ >= stride_) close();
}

void Recorder::finish() {
  if (history_ != nullptr && count_ > 0) close();
}

void Recorder::close() {
  if (scored_ > 0) open_.score = score_ / static_cast<double>(scored_);
  open_.explored = static_cast<double>(explored_) / static_cast<double>(count_);
  history_->points.push_back(open_);
  open_ = {};
  count_ = scored_ = explored_ = 0;
  score_ = 0;
  if (history_->points.size() >= kMostPoints) halve();
}

// Two points become one, and from now on a point is of twice as many episodes.
void Recorder::halve() {
  std::vector<HistoryPoint> fewer;
  for (std::size_t i = 0; i + 1 < history_->points.size(); i += 2) {
    const HistoryPoint& a = history_->points[i];
    HistoryPoint b = history_->points[i + 1];
    if (a.score) b.score = b.score ? (*a.score + *b.score) / 2 : *a.score;
    b.explored = (a.explored + b.explored) / 2;
    fewer.push_back(b);
  }
  history_->points = std::move(fewer);
  stride_ *= 2;
}

void Recorder::show(const resolver::learn::Observation& seen) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  Progress progress{.stage = "looking for a better stack"};
  progress.episodes = seen.episode;
  progress.per_second = static_cast<double>(seen.episode) / seconds;
  progress.best = seen.best;
  progress.temperature = seen.temperature;
  if (std::isfinite(seen.upper)) progress.bound = seen.upper;
  progress_(progress);
}

}  // namespace plugin

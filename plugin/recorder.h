// Sums up what a search tells of its episodes: for a history, and for the progress line. Knows
// nothing of files or terminals.
#pragma once

#include <chrono>
#include <functional>

#include "plugin/report/history.h"
#include "plugin/run.h"
#include "resolver/learn/search.h"

namespace plugin {

class Recorder {
 public:
  Recorder(History* history, const ProgressSink& progress)
      : history_(history), progress_(progress) {}

  void see(const resolver::learn::Observation& seen);
  void finish();  // once, after the last episode

 private:
  void close();
  void halve();
  void show(const resolver::learn::Observation& seen);

  History* history_;  // null: none is wanted
  const ProgressSink& progress_;
  std::uint64_t stride_ = 1;  // episodes of a point
  std::uint64_t count_ = 0, scored_ = 0, explored_ = 0;
  double score_ = 0;
  HistoryPoint open_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_ = begun_;
};

}  // namespace plugin

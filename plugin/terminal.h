// What standard error and standard output are: colours, width, and one progress line that erases
// itself.
#pragma once

#include <string>

#include "plugin/options.h"
#include "plugin/run.h"

namespace plugin {

bool use_color(const OutputOptions& options, int descriptor);
int terminal_width(int descriptor);

// Shows stages on standard error while they last; nothing unless it is a terminal and progress is
// wanted.
class ProgressLine {
 public:
  explicit ProgressLine(const OutputOptions& options);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  bool active() const { return active_; }
  void show(const Progress& progress);
  void clear();

 private:
  bool active_ = false;
  bool shown_ = false;
};

// SIGUSR1 is for searches and else does nothing. From now on ^C and SIGTERM end the program with
// one line and 128 + the signal's number. Files are replaced whole, so nothing half-written can be
// left behind.
void end_cleanly_on_signals();

}  // namespace plugin

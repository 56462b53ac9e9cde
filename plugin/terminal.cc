#include "plugin/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace plugin {

namespace {

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

extern "C" void on_signal(int number) {
  static constexpr char kMessage[] = "\nseshat: interrupted; no lock was written\n";
  [[maybe_unused]] ssize_t written = write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  _exit(128 + number);
}

}  // namespace

bool use_color(const OutputOptions& options, int descriptor) {
  if (options.color == "always") return true;
  if (options.color == "never" || set("NO_COLOR")) return false;
  return isatty(descriptor) == 1 && !set("CI");
}

int terminal_width(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

ProgressLine::ProgressLine(const OutputOptions& options)
    : active_(!options.no_progress && options.verbosity >= 0 && isatty(STDERR_FILENO) == 1 &&
              !set("CI")) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(const Progress& progress) {
  if (!active_) return;
  shown_ = true;
  if (progress.episodes > 0) {
    char bound[40] = "";
    if (progress.bound) std::snprintf(bound, sizeof bound, ", bound %.3f", *progress.bound);
    std::fprintf(stderr, "\r\033[K%s: %.0f episodes/s, best %.3f%s, temperature %.2g",
                 progress.stage.c_str(), progress.per_second, progress.best, bound,
                 progress.temperature);
  } else if (progress.pages + progress.metadata > 0) {
    std::fprintf(stderr, "\r\033[K%s: %llu projects, %llu versions", progress.stage.c_str(),
                 static_cast<unsigned long long>(progress.pages),
                 static_cast<unsigned long long>(progress.metadata));
  } else {
    std::fprintf(stderr, "\r\033[K%s", progress.stage.c_str());
  }
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (!shown_) return;
  shown_ = false;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

void end_cleanly_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = [](int) {};  // not ignored: programs that we start would inherit that
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace plugin

// SIGINT and SIGTERM while a search is under way: they end it, and the best so far is reported. A
// second one ends the program. SIGUSR1 ends its exploration. One at a time.
#pragma once

#include <signal.h>

#include <atomic>

namespace plugin {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // True once a signal came.
  const std::atomic<bool>* flag() const;
  // True once SIGUSR1 came.
  const std::atomic<bool>* exploit() const;

 private:
  struct sigaction int_ {};
  struct sigaction term_ {};
  struct sigaction usr1_ {};
};

}  // namespace plugin

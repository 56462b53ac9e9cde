#include "plugin/interrupt.h"

namespace plugin {

namespace {

std::atomic<bool> interrupted{false};

std::atomic<bool> exploiting{false};

void note_exploit(int /*signal*/) { exploiting.store(true, std::memory_order_relaxed); }

void note(int /*signal*/) { interrupted.store(true, std::memory_order_relaxed); }

}  // namespace

Interrupt::Interrupt() {
  interrupted.store(false);
  exploiting.store(false);
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, &int_);
  ::sigaction(SIGTERM, &action, &term_);
  action.sa_handler = note_exploit;
  action.sa_flags = static_cast<int>(SA_RESTART);
  ::sigaction(SIGUSR1, &action, &usr1_);
}

Interrupt::~Interrupt() {
  ::sigaction(SIGINT, &int_, nullptr);
  ::sigaction(SIGTERM, &term_, nullptr);
  ::sigaction(SIGUSR1, &usr1_, nullptr);
}

const std::atomic<bool>* Interrupt::flag() const { return &interrupted; }
const std::atomic<bool>* Interrupt::exploit() const { return &exploiting; }

}  // namespace plugin

#include "plugin/direct/remains.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

namespace plugin::direct {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

struct Remains {
  std::once_flag begun;
  std::mutex mutex;
  std::vector<std::string> directories;
  std::vector<pid_t> groups;
  std::array<struct sigaction, kSignals.size()> before{};  // what a signal did without us
  int news[2] = {-1, -1};  // a handler writes the signal's number, the watcher reads it
};

// Never destroyed: the watcher waits for as long as the process lives.
Remains& remains() {
  static auto* all = new Remains;
  return *all;
}

void tell_watcher(int signal) {
  const int before = errno;
  const auto number = static_cast<unsigned char>(signal);
  [[maybe_unused]] const ssize_t told = ::write(remains().news[1], &number, 1);
  errno = before;
}

void remove_all(const std::vector<std::string>& directories) {
  std::error_code failed;
  for (const std::string& path : directories) {
    // What was just killed may still be writing.
    for (int attempt = 0; attempt < 20; ++attempt) {
      std::filesystem::remove_all(path, failed);
      if (!failed) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

void watch() {
  unsigned char number = 0;
  while (::read(remains().news[0], &number, 1) != 1) {
  }
  // The mutex is kept: nothing new comes to be.
  const std::lock_guard guard(remains().mutex);
  for (const pid_t leader : remains().groups) ::kill(-leader, SIGKILL);
  remove_all(remains().directories);
  const auto place = std::find(kSignals.begin(), kSignals.end(), number) - kSignals.begin();
  ::sigaction(number, &remains().before[static_cast<std::size_t>(place)], nullptr);
  ::kill(::getpid(), number);
}

void begin_to_watch() {
  if (::pipe2(remains().news, O_CLOEXEC) != 0) return;
  std::thread(watch).detach();
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction& before = remains().before[i];
    ::sigaction(kSignals[i], nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;  // as nohup has it
    struct sigaction ours {};
    ours.sa_handler = tell_watcher;
    ours.sa_flags = SA_RESTART;
    ::sigaction(kSignals[i], &ours, nullptr);
  }
}

template <typename T>
void add(std::vector<T> Remains::*list, const T& one) {
  std::call_once(remains().begun, begin_to_watch);
  const std::lock_guard guard(remains().mutex);
  (remains().*list).push_back(one);
}

template <typename T>
void take_away(std::vector<T> Remains::*list, const T& one) {
  const std::lock_guard guard(remains().mutex);
  auto& all = remains().*list;
  all.erase(std::remove(all.begin(), all.end(), one), all.end());
}

}  // namespace

void remember_directory(const std::string& path) { add(&Remains::directories, path); }
void forget_directory(const std::string& path) { take_away(&Remains::directories, path); }
void remember_group(pid_t leader) { add(&Remains::groups, leader); }
void forget_group(pid_t leader) { take_away(&Remains::groups, leader); }

}  // namespace plugin::direct

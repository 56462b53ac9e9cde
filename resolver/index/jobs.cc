// Work that came from the network.
#include "resolver/index/jobs.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <iterator>
#include <utility>

namespace resolver::index {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(3);

}  // namespace

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Jobs::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    jobs_.push_back(std::move(job));
    start_worker();
  }
  changed_.notify_all();
}

void Jobs::poll(std::function<bool()> poll) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    polls_.push_back(std::move(poll));
    start_worker();
  }
  changed_.notify_all();
}

void Jobs::start_worker() {
  if (threads_.size() < workers_) threads_.emplace_back([this] { work(); });
}

// Waits for a change; with polls only for some milliseconds, and then calls them.
void Jobs::wait(std::unique_lock<std::mutex>& lock) {
  if (polls_.empty()) {
    changed_.wait(lock);
    return;
  }
  if (changed_.wait_for(lock, kPollInterval) == std::cv_status::no_timeout || stopping_) return;
  std::vector<std::function<bool()>> polls;
  polls.swap(polls_);
  lock.unlock();
  std::erase_if(polls, [](const std::function<bool()>& poll) { return poll(); });
  lock.lock();
  polls_.insert(polls_.end(), std::make_move_iterator(polls.begin()),
                std::make_move_iterator(polls.end()));
  if (!polls_.empty()) changed_.notify_all();  // whoever waits without end has seen none
}

void Jobs::run_one(std::unique_lock<std::mutex>& lock) {
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  lock.unlock();
  job();
  job = nullptr;
  lock.lock();
}

void Jobs::work() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the main thread's
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (jobs_.empty()) {
      wait(lock);
    } else {
      run_one(lock);
    }
  }
}

void Jobs::work_until(const std::function<bool()>& done) {
  std::unique_lock lock(mutex_);
  while (!done()) {
    if (jobs_.empty()) {
      wait(lock);
    } else {
      run_one(lock);
    }
  }
}

void Jobs::signal() { changed_.notify_all(); }

void Jobs::publish(const std::function<void()>& change) {
  {
    const std::lock_guard lock(mutex_);
    change();
  }
  changed_.notify_all();
}

}  // namespace resolver::index

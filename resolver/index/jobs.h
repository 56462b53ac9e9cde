// Work that came from the network, done by one worker thread and by whoever waits for its outcome,
// so that both cores of a small machine are used in a cold run. The worker starts with the first
// job.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace resolver::index {

class Jobs {
 public:
  using Job = std::function<void()>;
  explicit Jobs(std::size_t workers) : workers_(workers) {}
  ~Jobs() { stop(); }
  void stop();  // abandons jobs that have not begun, waits for those that have

  void post(Job job);
  // Calls `poll` every few milliseconds, like a job, until it returns true.
  void poll(std::function<bool()> poll);
  // Does jobs until `done()` is true; `done` is called with the lock held. Call signal() after what
  // makes it true.
  void work_until(const std::function<bool()>& done);
  void signal();
  // Calls `change` with the lock held, then signals.
  void publish(const std::function<void()>& change);
  std::mutex& mutex() { return mutex_; }

 private:
  void work();
  void run_one(std::unique_lock<std::mutex>& lock);
  void wait(std::unique_lock<std::mutex>& lock);
  void start_worker();

  const std::size_t workers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::vector<std::function<bool()>> polls_;
  std::vector<std::thread> threads_;
  bool stopping_ = false;
};

}  // namespace resolver::index

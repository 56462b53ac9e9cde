// Something that many threads call, and that can be changed so that no call of what was there
// before is under way any more afterwards: what that points at may then be destroyed.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

namespace resolver::index {

template <class Hooks>
class Gate {
 public:
  // Returns when no call of those before is under way. Not to be called from one of them.
  void set(Hooks hooks) {
    auto installed = std::make_shared<Installed>();
    installed->hooks = std::move(hooks);
    std::unique_lock lock(mutex_);
    const auto before = std::exchange(installed_, std::move(installed));
    idle_.wait(lock, [&] { return before->running == 0; });
  }

  // `use` gets the hooks of the moment. A hook may cause others to be called.
  template <class Use>
  void call(const Use& use) {
    std::shared_ptr<Installed> installed;
    {
      const std::lock_guard lock(mutex_);
      installed = installed_;
      ++installed->running;
    }
    use(installed->hooks);
    const std::lock_guard lock(mutex_);
    if (--installed->running == 0) idle_.notify_all();
  }

 private:
  struct Installed {
    Hooks hooks;
    int running = 0;
  };
  std::mutex mutex_;
  std::condition_variable idle_;
  std::shared_ptr<Installed> installed_ = std::make_shared<Installed>();
};

}  // namespace resolver::index

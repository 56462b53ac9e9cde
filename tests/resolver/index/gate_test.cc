// Changing hooks while threads call them: none of the old ones runs once set() has returned.
#include "resolver/index/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace resolver::index {
namespace {

using Hook = std::function<void()>;

TEST(Gate, WhatHooksPointAtMayBeDestroyedAfterwards) {
  Gate<Hook> gate;
  std::atomic<bool> stop = false;
  std::atomic<int> late = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!stop)
        gate.call([](const Hook& hook) {
          if (hook) hook();
        });
    });
  }
  for (int i = 0; i < 300; ++i) {
    const auto alive = std::make_shared<std::atomic<bool>>(true);
    gate.set([&late, alive] {
      std::this_thread::yield();
      if (!*alive) ++late;
    });
    std::this_thread::yield();
    gate.set({});
    *alive = false;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(late, 0);
}

TEST(Gate, ACallMayCauseOthers) {
  Gate<Hook> gate;
  int depth = 0;
  const auto call = [&] { gate.call([](const Hook& hook) { hook(); }); };
  gate.set([&] {
    if (++depth < 3) call();
  });
  call();
  EXPECT_EQ(depth, 3);
}

}  // namespace
}  // namespace resolver::index

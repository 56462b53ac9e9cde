// Equal conditions become one: a corpus of 90,000 units has some 500 of them. Safe to use from
// several threads.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "prescriptions/condition.h"

namespace prescriptions {

class ConditionPool {
 public:
  void share(std::shared_ptr<const ShouldInclude>& condition);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const ShouldInclude>> known_;
};

}  // namespace prescriptions

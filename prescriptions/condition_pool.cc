#include "prescriptions/condition_pool.h"

#include "prescriptions/codec.h"

namespace prescriptions {
namespace codec {

// Everything in a row: equal conditions have equal keys.
class KeyWriter {
 public:
  static constexpr bool kReads = false;
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) key_.push_back(static_cast<char>(value | 0x80));
    key_.push_back(static_cast<char>(value));
  }
  void count(std::size_t size) { number(size); }
  void text(const std::string& value) {
    number(value.size());
    key_ += value;
  }
  void range(const VersionRange& value) {
    number(value.given() ? 1 : 0);
    text(value.text());
  }
  void version(const pep::Version& value) { text(value.str()); }
  void fail() {}
  bool good() const { return true; }
  std::string& key() { return key_; }

 private:
  std::string key_;
};

}  // namespace codec

void ConditionPool::share(std::shared_ptr<const ShouldInclude>& condition) {
  if (condition == nullptr) return;
  codec::KeyWriter writer;
  ShouldInclude copy = *condition;
  codec::code(writer, copy);
  const std::scoped_lock lock(mutex_);
  condition = known_.try_emplace(std::move(writer.key()), condition).first->second;
}

}  // namespace prescriptions

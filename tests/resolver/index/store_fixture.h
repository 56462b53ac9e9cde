// What the tests of the store share: records that say which key they belong to.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "resolver/index/store.h"
#include "tests/support/temp_directory.h"

namespace resolver::index {

inline std::string text_of(const std::optional<StoreRecord>& record) {
  if (!record) return "nothing";
  return {reinterpret_cast<const char*>(record->eager.data()), record->eager.size()};
}

inline constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40;

inline std::string path_of(const support::TempDirectory& directory) {
  return directory / store_layout::kFileName;
}

inline std::string key(int i) { return "key " + std::to_string(i); }

// A payload that says which key it belongs to, of varying length.
inline std::string payload(int i) {
  return std::string(static_cast<std::size_t>(i) * 37 % 5000, static_cast<char>('a' + i % 26)) +
         key(i);
}

inline void put(Store& store, int i) { store.put(RecordType::kMetadata, key(i), {payload(i)}, 0); }

inline testing::AssertionResult holds(Store& store, int i) {
  const auto record = store.find(RecordType::kMetadata, key(i));
  if (!record) return testing::AssertionFailure() << key(i) << " is missing";
  if (text_of(record) != payload(i)) return testing::AssertionFailure() << key(i) << " is wrong";
  return testing::AssertionSuccess();
}

}  // namespace resolver::index

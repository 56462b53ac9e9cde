// The rows of pypa/packaging's parametrised tests (../shared/data/vectors), and a test per function
// that runs them all. Reading happens in the tests, so listing them costs nothing.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vectors {

// One row: the parameters by name. Asking for what is not there or of another type fails the test.
class Row {
 public:
  struct Values;
  explicit Row(std::shared_ptr<const Values> values) : values_(std::move(values)) {}
  std::string text(std::string_view key) const;
  std::string text_or(std::string_view key, std::string_view other) const;  // if it is null
  std::optional<bool> flag(std::string_view key) const;                     // nullopt if it is null
  std::int64_t number(std::string_view key) const;
  bool is_null(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;  // of a list, numbers printed
  std::vector<std::pair<std::string, std::string>> pairs(
      std::string_view key) const;  // of an object
  std::string dump() const;

 private:
  std::shared_ptr<const Values> values_;
};

// All rows of one test function: the cross product of its decorators.
std::vector<Row> rows(const std::string& file, const std::string& function);
std::vector<std::string> functions(const std::string& file);
std::vector<std::string> files();
std::vector<std::string> constant(const std::string& file,
                                  const std::string& name);  // a list of texts
bool present();

// Registers that `function` of `file` is run.
bool cover(const char* file, const char* function);
bool is_covered(const std::string& file, const std::string& function);
// Runs `check` on every row; prints each row that fails.
void run(const char* file, const char* function, const std::function<void(const Row&)>& check);

}  // namespace vectors

// VECTORS(Suite, name, "file.json", "TestX.test_y") { … row … }
#define VECTORS(suite, name, file, function)                                    \
  static const bool suite##_##name##_covered = vectors::cover(file, function);  \
  static void suite##_##name(const vectors::Row& row);                          \
  TEST(suite, name) {                                                           \
    static_cast<void>(suite##_##name##_covered);                                \
    if (!vectors::present()) {                                                  \
      GTEST_SKIP() << SESHAT_SOURCE_DIR "/../shared/data/vectors is not there"; \
    }                                                                           \
    vectors::run(file, function, suite##_##name);                               \
  }                                                                             \
  static void suite##_##name(const vectors::Row& row)

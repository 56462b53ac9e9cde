// Reading the vector files.
#include "tests/pep/vectors.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace vectors {

using nlohmann::json;

namespace {

const std::string kFolder = SESHAT_SOURCE_DIR "/../shared/data/vectors/";

// zlib reads what is not compressed as it is.
std::string read_file(const std::string& path) {
  std::string text;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return text;
  char buffer[65536];
  for (int size = 0; (size = gzread(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  gzclose(file);
  return text;
}

const json& load(const std::string& file) {
  static std::map<std::string, json> loaded;
  const auto [at, added] = loaded.try_emplace(file);
  if (added) at->second = json::parse(read_file(kFolder + file), nullptr, false);
  return at->second;
}

// Every test is a process of its own under CTest, so only its part of a file of 10 MB is read.
json decorators_of(const std::string& file, const std::string& function) {
  static std::map<std::string, std::string> texts;
  const auto [at, added] = texts.try_emplace(file);
  if (added) at->second = read_file(kFolder + file);
  const std::size_t begin = at->second.find('"' + function + "\":");
  if (begin == std::string::npos) return nullptr;
  std::istringstream stream(at->second);
  stream.seekg(static_cast<std::streamoff>(begin + function.size() + 3));
  json value;
  try {
    stream >> value;  // stops at the end of one value
  } catch (const json::exception&) {
    return nullptr;
  }
  return value;
}

std::set<std::pair<std::string, std::string>>& covered() {
  static std::set<std::pair<std::string, std::string>> set;
  return set;
}

std::string printed(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

struct Row::Values {
  json object;
  const json& at(std::string_view key) const {
    static const json none;
    const auto found = object.find(std::string(key));
    if (found != object.end()) return *found;
    ADD_FAILURE() << "no parameter " << key;
    return none;
  }
};

std::string Row::text(std::string_view key) const {
  const json& value = values_->at(key);
  EXPECT_TRUE(value.is_string()) << key << " is no text";
  return printed(value);
}

std::string Row::text_or(std::string_view key, std::string_view other) const {
  return is_null(key) ? std::string(other) : text(key);
}

std::optional<bool> Row::flag(std::string_view key) const {
  const json& value = values_->at(key);
  if (value.is_null()) return std::nullopt;
  EXPECT_TRUE(value.is_boolean()) << key << " is no truth value";
  return value.is_boolean() && value.get<bool>();
}

std::int64_t Row::number(std::string_view key) const {
  const json& value = values_->at(key);
  EXPECT_TRUE(value.is_number_integer()) << key << " is no number";
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

bool Row::is_null(std::string_view key) const { return values_->at(key).is_null(); }

std::vector<std::string> Row::texts(std::string_view key) const {
  std::vector<std::string> list;
  for (const json& item : values_->at(key)) list.push_back(printed(item));
  return list;
}

std::vector<std::pair<std::string, std::string>> Row::pairs(std::string_view key) const {
  std::vector<std::pair<std::string, std::string>> list;
  const json& object = values_->at(key);
  if (!object.is_object()) return list;
  for (const auto& [name, value] : object.items()) list.emplace_back(name, printed(value));
  return list;
}

std::string Row::dump() const { return values_->object.dump(); }

std::vector<Row> rows(const std::string& file, const std::string& function) {
  const json decorators = decorators_of(file, function);
  if (!decorators.is_array()) {
    ADD_FAILURE() << file << " has no " << function;
    return {};
  }
  std::vector<json> product = {json::object()};
  for (const json& decorator : decorators) {
    std::vector<json> longer;
    for (const json& begun : product) {
      for (const json& more : decorator) {
        longer.push_back(begun);
        longer.back().update(more);
      }
    }
    product = std::move(longer);
  }
  std::vector<Row> list;
  list.reserve(product.size());
  for (json& object : product) {
    list.emplace_back(std::make_shared<const Row::Values>(Row::Values{std::move(object)}));
  }
  return list;
}

std::vector<std::string> functions(const std::string& file) {
  std::vector<std::string> names;
  for (const auto& [name, decorators] : load(file)["tests"].items()) names.push_back(name);
  return names;
}

std::vector<std::string> files() {
  std::vector<std::string> names;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder, fault)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".json") || name.ends_with(".json.gz")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> constant(const std::string& file, const std::string& name) {
  std::vector<std::string> list;
  for (const json& item : load(file)["constants"][name]) list.push_back(printed(item));
  return list;
}

bool present() { return std::filesystem::is_directory(kFolder); }

bool cover(const char* file, const char* function) {
  covered().emplace(file, function);
  return true;
}

bool is_covered(const std::string& file, const std::string& function) {
  return covered().count({file, function}) != 0;
}

void run(const char* file, const char* function, const std::function<void(const Row&)>& check) {
  const auto* result = testing::UnitTest::GetInstance()->current_test_info()->result();
  const std::vector<Row> all = rows(file, function);
  EXPECT_FALSE(all.empty());
  for (const Row& row : all) {
    const int before = result->total_part_count();
    check(row);
    if (result->total_part_count() != before) ADD_FAILURE() << "in the row " << row.dump();
  }
}

}  // namespace vectors

#include "plugin/rules.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "plugin/rule_sources.h"
#include "prescriptions/compile.h"
#include "prescriptions/shipped.h"
#include "prescriptions/sources.h"
#include "resolver/index/digest.h"

namespace plugin {

namespace {

constexpr std::string_view kKept = ".seshat-rules";

using prescriptions::CompiledRules;
namespace fs = std::filesystem;

// Files that changed so recently may change again without their times showing it.
constexpr std::int64_t kSettled = 2;  // seconds

std::string line_of(const prescriptions::Fault& fault) {
  return fmt::format("{}:{}:{}: {}", fault.file, fault.line, fault.column, fault.message);
}

// What was compiled before, with the warnings of then.
bool recall(const std::string& path, Rules& rules) {
  std::error_code failure;
  if (!fs::exists(path, failure)) return false;
  auto opened = CompiledRules::open_file(path);
  if (!opened) return false;
  rules.books.push_back(std::move(*opened));
  std::ifstream file(path + ".warnings");
  for (std::string line; std::getline(file, line);) rules.warnings.push_back(line);
  return true;
}

void keep(const std::string& path, const std::string& bytes,
          const std::vector<std::string>& warnings) {
  std::error_code failure;
  fs::create_directories(fs::path(path).parent_path(), failure);
  std::string lines;
  for (const std::string& warning : warnings) lines += warning + "\n";
  // What is kept is only ever a help: without it the rules are compiled again.
  if (!lines.empty() && !write_rules(path + ".warnings", lines)) return;
  if (auto written = write_rules(path, bytes); !written) fs::remove(path + ".warnings", failure);
}

pep::Status add_written(RuleSources& sources, const std::string& directory, Rules& rules) {
  std::string kept;
  bool settled = false;
  if (!directory.empty()) {
    std::int64_t newest = 0;
    const std::string lines = fmt::format("format {}\n", CompiledRules::kFormat) +
                              prescriptions::describe_sources(sources.written(), newest);
    settled = newest + kSettled < std::time(nullptr);
    kept = directory + "/rules/" + resolver::index::hex(resolver::index::sha256_of(lines)) +
           std::string(kKept);
    if (settled && recall(kept, rules)) return pep::Done{};
  }
  const auto read = sources.read();
  if (!read) return read.error();
  const prescriptions::Reading& reading = *read;
  if (!reading.errors.empty()) return prescriptions::error_of(reading);
  std::vector<std::string> warnings;
  for (const prescriptions::Fault& warning : reading.warnings) warnings.push_back(line_of(warning));
  auto bytes = std::make_shared<std::string>(compile_rules(reading));
  if (settled) keep(kept, *bytes, warnings);
  const std::string_view view = *bytes;
  auto opened = CompiledRules::open(view, std::move(bytes));
  if (!opened) return std::move(opened).error();
  rules.books.push_back(std::move(*opened));
  rules.warnings.insert(rules.warnings.end(), warnings.begin(), warnings.end());
  return pep::Done{};
}

// A unit that is in two books: the books are disjoint within themselves.
pep::Status refuse_duplicates(const std::vector<CompiledRules>& books) {
  for (std::size_t a = 0; a < books.size(); ++a) {
    for (std::size_t b = 0; b < books.size(); ++b) {
      if (a == b || books[a].unit_count() > books[b].unit_count() ||
          (books[a].unit_count() == books[b].unit_count() && a > b)) {
        continue;
      }
      for (std::uint32_t unit = 0; unit < books[a].unit_count(); ++unit) {
        const auto kind = books[a].row(unit).kind;
        const auto name = books[a].qualified(unit);
        if (!books[b].find(kind, name)) continue;
        return pep::error(pep::Fault::kConfig,
                          fmt::format("a {} called {} is in two of the prescriptions given",
                                      prescriptions::name_of(kind), name));
      }
    }
  }
  return pep::Done{};
}

}  // namespace

std::string compile_rules(const prescriptions::Reading& reading) {
  return prescriptions::compile(reading.book, resolver::index::sha256_of(reading.contents));
}

pep::Status write_rules(const std::string& path, const std::string& bytes) {
  const std::string fresh = fmt::format("{}.{}.new", path, getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  const auto failed = [&] {
    const std::string why = std::strerror(errno);
    if (file >= 0) unlink(fresh.c_str());
    return pep::error(pep::Fault::kUsage, fmt::format("cannot write {}: {}", path, why));
  };
  if (file < 0) return failed();
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t put = ::write(file, bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      auto error = failed();
      close(file);
      return error;
    }
    done += static_cast<std::size_t>(put);
  }
  if (fsync(file) != 0 || close(file) != 0 || rename(fresh.c_str(), path.c_str()) != 0)
    return failed();
  return pep::Done{};
}

std::uint64_t remove_kept_rules(const std::string& cache_directory) {
  std::uint64_t freed = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(cache_directory + "/rules", failure)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kKept) && !name.ends_with(std::string(kKept) + ".warnings")) continue;
    std::error_code failed;
    const std::uint64_t size = entry.file_size(failed);
    if (fs::remove(entry.path(), failed)) freed += size;
  }
  fs::remove(cache_directory + "/rules", failure);  // if nothing else is in it
  return freed;
}

pep::Result<Rules> open_rules(const RulesWanted& wanted) {
  Rules rules;
  if (wanted.shipped) {
    auto shipped = CompiledRules::open(prescriptions::shipped_compiled());
    if (!shipped) return std::move(shipped).error();
    rules.books.push_back(std::move(*shipped));
  }
  auto sources = RuleSources::of(wanted.sources, wanted.cache_directory, wanted.client);
  if (!sources) return std::move(sources).error();
  for (const std::string& source : sources->compiled()) {
    auto opened = CompiledRules::open_file(source);
    if (!opened) return std::move(opened).error();
    rules.books.push_back(std::move(*opened));
  }
  if (!sources->written().empty()) {
    if (auto added = add_written(*sources, wanted.cache_directory, rules); !added)
      return std::move(added).error();
  }
  if (rules.books.size() > 1) {
    if (auto distinct = refuse_duplicates(rules.books); !distinct)
      return std::move(distinct).error();
  }
  return rules;
}

}  // namespace plugin

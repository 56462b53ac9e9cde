#include "plugin/lock_output.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "plugin/run.h"
#include "resolver/index/digest.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/pipfile.h"

namespace plugin {

namespace {

namespace lock = resolver::lock;

// Where a lock will be, for paths in it that are relative to it.
std::string directory_of(const std::string& path) {
  std::error_code unknown;
  if (path == "-") return std::filesystem::current_path(unknown);
  return std::filesystem::absolute(path, unknown).parent_path();
}

pep::Result<std::string> pipfile_lock(const lock::Lock& locked, const RunResult& result) {
  auto facts =
      lock::pipfile_facts(result.pipfile->text, result.pipfile->path, result.pipfile_index);
  if (!facts) return std::move(facts).error();
  const std::string hash = resolver::index::hex(resolver::index::sha256_of(facts->hashed));
  return lock::write_pipfile_lock(locked, *facts, hash);
}

// What is for development is locked for the Pipfile.lock's sake; other files have it when asked.
lock::Lock without_develop(lock::Lock locked) {
  std::erase_if(locked.packages, [](const lock::Package& package) { return package.develop; });
  return locked;
}

}  // namespace

std::optional<LockFormat> lock_format(const std::string& path, const std::string& of_stdout) {
  if (path == "-") {
    if (of_stdout == "requirements") return LockFormat::kRequirements;
    return of_stdout == "pipfile" ? LockFormat::kPipfile : LockFormat::kPylock;
  }
  const std::string name = std::filesystem::path(path).filename();
  if (name.starts_with("pylock") && name.ends_with(".toml")) return LockFormat::kPylock;
  if (name.ends_with(".txt")) return LockFormat::kRequirements;
  if (name == "Pipfile.lock") return LockFormat::kPipfile;
  return std::nullopt;
}

bool writes_pipfile_lock(const AdviseOptions& options) {
  return std::any_of(options.outputs.begin(), options.outputs.end(), [&](const std::string& path) {
    return lock_format(path, options.format) == LockFormat::kPipfile;
  });
}

pep::Status write_locks(const AdviseOptions& options, const RunResult& result) {
  const lock::Lock& all = result.report.products[0].lock;
  const bool develop_asked = options.develop || !options.groups.empty();
  for (const std::string& path : result.outputs) {
    const LockFormat format = lock_format(path, options.format).value_or(LockFormat::kPylock);
    lock::Lock fewer;
    if (result.pipfile && !develop_asked) fewer = without_develop(all);
    const lock::Lock& locked = result.pipfile && !develop_asked ? fewer : all;
    pep::Result<std::string> bytes = std::string();
    if (format == LockFormat::kPipfile) {
      bytes = pipfile_lock(all, result);
    } else if (format == LockFormat::kRequirements) {
      bytes = lock::write_requirements(locked);
    } else {
      bytes = lock::write_pylock(locked, directory_of(path));
    }
    if (!bytes) return std::move(bytes).error();
    if (path == "-") {
      std::fwrite(bytes->data(), 1, bytes->size(), stdout);
    } else if (auto written = lock::write_file(path, *bytes); !written) {
      return std::move(written).error().in("writing the lock");
    }
  }
  return pep::Done{};
}

}  // namespace plugin

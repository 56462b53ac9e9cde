#include "plugin/check_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "plugin/direct/locked_source.h"
#include "plugin/exit_code.h"
#include "plugin/lock_check.h"
#include "plugin/lock_replay.h"
#include "resolver/index/digest.h"
#include "resolver/lock/pipfile.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/source_text.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;

// Pipenv refuses a lock whose hash is not that of the Pipfile, whatever is in it.
pep::Status check_pipfile_hash(const Inputs& inputs, const std::string& path,
                               std::vector<Stale>& stale) {
  if (!inputs.pipfile || std::filesystem::path(path).filename() != "Pipfile.lock")
    return pep::Done{};
  auto facts =
      lock::pipfile_facts(inputs.pipfile->text, inputs.pipfile->path, inputs.pipfile_index);
  if (!facts) return std::move(facts).error();
  auto text = lock::read_file(path);
  if (!text) return std::move(text).error();
  const auto noted = lock::pipfile_lock_hash(*text, path);
  if (!noted) return noted.error();
  if (*noted != index::hex(index::sha256_of(facts->hashed)))
    stale.push_back({"", fmt::format("{} is not the one that it was made from: its hash is another",
                                     inputs.pipfile->path)});
  return pep::Done{};
}

// Whether more than requirements decides: a rule that names one of the packages, or all; what is
// taken only for want of a final release.
bool needs_replay(const CheckRun& run, const LockFindings& found) {
  if (found.edited || !run.plan.general().empty()) return true;
  return std::any_of(found.packages.begin(), found.packages.end(), [&](const auto* package) {
    return !run.plan.of(package->name.str()).empty() ||
           is_in_doubt(*package, run.inputs.question.policy);
  });
}

pep::Result<LockFindings> ask(const CheckRun& run, const std::string& path,
                              const lock::Lock& locked, bool offline, Figures& figures) {
  index::ClientOptions options = run.client;
  options.offline = offline;
  auto client = index::Client::open(options);
  if (!client) return std::move(client).error();
  if (run.directs != nullptr) client = run.directs->share(std::move(*client));
  const bool lists = std::any_of(locked.packages.begin(), locked.packages.end(),
                                 [](const auto& package) { return !package.dependencies.empty(); });
  auto found =
      check_lock({.target = run.target,
                  .plan = run.plan,
                  .question = run.inputs.question,
                  .lock = locked,
                  .origins = run.origins,
                  .universal = lock::is_universal_lock(path),
                  .trusts_lists = run.client.offline && lists && !lock::is_universal_lock(path),
                  .notes_revisions =
                      lock::is_pylock_filename(std::filesystem::path(path).filename().string())},
                 **client);
  if (found && found->stale.empty() && found->unknown.empty() && needs_replay(run, *found)) {
    const bool universal = lock::is_universal_lock(path);
    const Replay replay{run.target,      run.plan,      run.inputs.question,
                        found->packages, found->edited, universal};
    if (!found->edited && !found->taken_on_trust.empty()) {
      judge_lock(replay, found->stale);
    } else if (auto done = replay_lock(replay, **client, found->stale); !done) {
      if (done.error().fault != pep::Fault::kUnreachable) return std::move(done).error();
      // A rule may need more than the locked versions; then the store alone cannot tell.
      found->why_unknown = std::move(done).error();
      for (const lock::Package& package : locked.packages) found->unknown.push_back(package.name);
    }
  }
  const index::Statistics spent = (*client)->statistics();
  figures.pages += spent.pages;
  figures.metadata += spent.metadata;
  figures.requests += spent.requests;
  figures.bytes += spent.bytes;
  return found;
}

// The store first, then the index for what it does not have.
pep::Result<LockFindings> ask(const CheckRun& run, const std::string& path,
                              const lock::Lock& locked, Figures& figures) {
  const bool stored = !run.client.cache_dir.empty() && !run.client.refresh;
  if (run.client.offline || stored) {
    auto found = ask(run, path, locked, true, figures);
    if (run.client.offline) return found;
    // What is stale by an old page may be mended by a new one.
    if (found && found->unknown.empty() && found->stale.empty()) return found;
  }
  return ask(run, path, locked, false, figures);
}

std::string names_of(const std::vector<pep::Name>& names) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> shown;
  for (const pep::Name& name : names) {
    if (shown.size() < kShown) shown.push_back(name.str());
  }
  const std::size_t more = names.size() - shown.size();
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more));
}

void tell_stale(const std::string& path, const std::vector<Stale>& stale, Report& report) {
  report.outcome = Outcome::kError;
  report.exit_code = kLockStale;
  report.explanation += fmt::format("{} is not what is asked any more:\n", path);
  for (const Stale& one : stale) {
    const std::string message =
        one.package.empty() ? one.what : fmt::format("{}: {}", one.package, one.what);
    report.explanation += "  " + message + "\n";
    report.errors.push_back({.code = "stale", .message = message, .file = path});
  }
}

pep::Status check_one(const CheckRun& run, const std::string& path, RunResult& result) {
  Report& report = result.report;
  auto locked = lock::read_lock(path);
  if (!locked && locked.error().fault == pep::Fault::kNotFound) {
    tell_stale(path, {{"", "there is no such file"}}, report);
    return pep::Done{};
  }
  if (!locked) return std::move(locked).error();
  direct::find_from(*locked, path);
  auto found = ask(run, path, *locked, report.statistics);
  if (!found) return std::move(found).error();
  std::vector<Stale> stale;
  if (auto done = check_pipfile_hash(run.inputs, path, stale); !done) return done;
  stale.insert(stale.end(), found->stale.begin(), found->stale.end());
  if (!stale.empty()) {
    tell_stale(path, stale, report);
    return pep::Done{};
  }
  if (!found->unknown.empty()) {
    pep::Error unknown = std::move(found->why_unknown);
    unknown.what = fmt::format(
        "nothing speaks against {}, but what it takes to check {} could not be read: {}", path,
        names_of(found->unknown), unknown.what);
    return unknown;
  }
  if (!found->taken_on_trust.empty()) {
    result.details.push_back(
        fmt::format("{}: what {} needs is taken from the lock itself; the store has no metadata",
                    path, names_of(found->taken_on_trust)));
  }
  const std::size_t count = locked->packages.size();
  report.explanation +=
      fmt::format("{} is what is asked: {} package{}\n", path, count, count == 1 ? "" : "s");
  return pep::Done{};
}

}  // namespace

pep::Status check_locks(const CheckRun& run, RunResult& result) {
  result.report.outcome = Outcome::kLocked;
  result.report.exit_code = kDone;
  for (const std::string& path : result.outputs) {
    if (auto done = check_one(run, path, result); !done) return done;
  }
  return pep::Done{};
}

}  // namespace plugin

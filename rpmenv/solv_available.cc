// Repositories of packages that could be installed (rpm-md, as createrepo_c makes them), and what
// to take from them.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "rpmenv/archive.h"
#include "rpmenv/rpm_md.h"
#include "rpmenv/solv_pool_state.h"

extern "C" {
#include <solv/chksum.h>
#include <solv/repo_repomdxml.h>
#include <solv/repo_rpmmd.h>
#include <solv/solver.h>
#include <solv/transaction.h>
}

namespace rpmenv {
namespace {

PackageList find_primary(Pool* pool, Repo* repo) {
  PackageList found;
  Dataiterator it;
  dataiterator_init(&it, pool, repo, SOLVID_META, REPOSITORY_REPOMD_TYPE, "primary", SEARCH_STRING);
  dataiterator_prepend_keyname(&it, REPOSITORY_REPOMD);
  if (dataiterator_step(&it) != 0) {
    dataiterator_setpos_parent(&it);
    const char* location = pool_lookup_str(pool, SOLVID_POS, REPOSITORY_REPOMD_LOCATION);
    const char* sum =
        pool_lookup_checksum(pool, SOLVID_POS, REPOSITORY_REPOMD_CHECKSUM, &found.checksum_kind);
    if (location != nullptr) found.location = location;
    if (sum != nullptr) found.checksum = sum;
  }
  dataiterator_free(&it);
  return found;
}

pep::Result<std::string> checksum_of(const std::string& path, Id kind) {
  auto file = open_regular(path);
  if (!file) return std::move(file).error();
  Chksum* sum = solv_chksum_create(kind);
  if (sum == nullptr)
    return pep::error(pep::Fault::kMalformed, fmt::format("{}: an unknown kind of checksum", path));
  char part[1 << 16];
  for (ssize_t got = 0; (got = read(file->get(), part, sizeof part)) > 0;)
    solv_chksum_add(sum, part, static_cast<int>(got));
  int length = 0;
  const unsigned char* bytes = solv_chksum_get(sum, &length);
  std::string hex;
  for (int i = 0; i < length; ++i) hex += fmt::format("{:02x}", bytes[i]);
  solv_chksum_free(sum, nullptr);
  return hex;
}

// A location that stays below the repository.
bool stays_inside(const std::string& location) {
  const std::filesystem::path path(location);
  return !location.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

pep::Result<PackageList> read_list(Pool* pool, Repo* repo, const std::string& path) {
  auto repomd = open_decompressed(path);
  if (!repomd) return std::move(repomd).error();
  if (repo_add_repomdxml(repo, repomd->get(), 0) != 0)
    return pep::error(pep::Fault::kMalformed, fmt::format("{}: {}", path, pool_errstr(pool)));
  PackageList list = find_primary(pool, repo);
  if (stays_inside(list.location)) return list;
  return pep::error(pep::Fault::kMalformed,
                    fmt::format("{} names no list of packages below it", path));
}

struct Job {
  Queue queue;
  Job() { queue_init(&queue); }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() { queue_free(&queue); }
};

std::unique_ptr<Map, void (*)(Map*)> all_but(Pool* pool, Repo* left_out) {
  std::unique_ptr<Map, void (*)(Map*)> map(new Map, [](Map* one) {
    map_free(one);
    delete one;
  });
  map_init(map.get(), pool->nsolvables);
  map_setall(map.get());
  Id id = 0;
  Solvable* one = nullptr;
  FOR_REPO_SOLVABLES(left_out, id, one) map_clr(map.get(), id);
  return map;
}

}  // namespace

pep::Result<PackageList> package_list(const std::string& repomd_path) {
  const std::unique_ptr<Pool, void (*)(Pool*)> pool(pool_create(), &pool_free);
  return read_list(pool.get(), repo_create(pool.get(), "list"), repomd_path);
}

pep::Result<bool> is_intact(const std::string& path, const PackageList& list) {
  if (list.checksum.empty()) return true;
  auto sum = checksum_of(path, list.checksum_kind);
  if (!sum) return std::move(sum).error();
  return *sum == list.checksum;
}

pep::Status SolvPool::add_available(const std::string& directory) {
  Pool* pool = state_->pool;
  const std::string list = directory + "/repodata/repomd.xml";
  Repo* repo = repo_create(pool, directory.c_str());
  const auto primary = read_list(pool, repo, list);
  if (!primary) return primary.error();
  const std::string path = directory + "/" + primary->location;
  const auto intact = is_intact(path, *primary);
  if (!intact) return intact.error();
  if (!*intact)
    return pep::error(pep::Fault::kIntegrity, fmt::format("{} is not what {} says", path, list));
  auto packages = open_decompressed(path);
  if (!packages) return std::move(packages).error();
  if (repo_add_rpmmd(repo, packages->get(), nullptr, 0) != 0)
    return pep::error(pep::Fault::kMalformed, fmt::format("{}: {}", path, pool_errstr(pool)));
  state_->count += static_cast<std::size_t>(repo->nsolvables);
  return pep::Done{};
}

void SolvPool::set_architecture(const std::string& architecture) {
  pool_setarch(state_->pool, architecture.c_str());
}

SolvPool::Installation SolvPool::install(std::span<const std::string> capabilities) const {
  Installation found;
  Pool* pool = state_->pool;
  Job job;
  std::vector<Id> wanted;
  for (const std::string& capability : capabilities) {
    const Id id = state_->question(capability, true);
    bool provided = false;
    for (const Id* one = pool_whatprovides_ptr(pool, id); *one != 0; ++one) {
      const Repo* repo = pool_id2solvable(pool, *one)->repo;
      provided |= repo != state_->facts;
    }
    if (!provided) {
      found.unprovided.push_back(capability);
      continue;
    }
    wanted.push_back(id);
    queue_push2(&job.queue, SOLVER_INSTALL | SOLVER_SOLVABLE_PROVIDES, id);
  }
  if (wanted.empty()) return found;
  const std::unique_ptr<Map, void (*)(Map*)> considered = all_but(pool, state_->facts);
  pool->considered = considered.get();  // facts cannot be installed
  Solver* solver = solver_create(pool);
  solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
  if (solver_solve(solver, &job.queue) != 0) {
    const Id rule = solver_findproblemrule(solver, 1);
    Id source = 0, target = 0, dependency = 0;
    const SolverRuleinfo kind = solver_ruleinfo(solver, rule, &source, &target, &dependency);
    found.problem = solver_problemruleinfo2str(solver, kind, source, target, dependency);
  } else {
    Transaction* steps = solver_create_transaction(solver);
    std::set<std::string> asked, pulled;
    for (int i = 0; i < steps->steps.count; ++i) {
      const Id id = steps->steps.elements[i];
      const Id type = transaction_type(steps, id, SOLVER_TRANSACTION_SHOW_ACTIVE);
      if (type == SOLVER_TRANSACTION_IGNORE || type == SOLVER_TRANSACTION_ERASE) continue;
      Solvable* package = pool_id2solvable(pool, id);
      const bool provides = std::ranges::any_of(wanted, [&](Id one) {
        return solvable_matchesdep(package, SOLVABLE_PROVIDES, one, 0) != 0;
      });
      (provides ? asked : pulled).insert(pool_id2str(pool, package->name));
    }
    for (const std::string& name : asked) pulled.erase(name);
    found.wanted.assign(asked.begin(), asked.end());
    found.pulled.assign(pulled.begin(), pulled.end());
    transaction_free(steps);
  }
  solver_free(solver);
  pool->considered = nullptr;
  return found;
}

}  // namespace rpmenv

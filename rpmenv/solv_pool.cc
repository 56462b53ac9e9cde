// Owns a libsolv pool. Unaware of what the solvables mean.
#include "rpmenv/solv_pool.h"

#include <algorithm>
#include <utility>

#include "rpmenv/solv_pool_state.h"

namespace rpmenv {

SolvPool::SolvPool() : state_(std::make_unique<State>()) {}
SolvPool::SolvPool(SolvPool&&) noexcept = default;
SolvPool& SolvPool::operator=(SolvPool&&) noexcept = default;
SolvPool::~SolvPool() = default;

void SolvPool::add(Repository repository, const Item& item) {
  Repo* repo = repository == Repository::kInstalled ? state_->installed : state_->facts;
  Pool* pool = state_->pool;
  const Id id = repo_add_solvable(repo);
  Solvable* solvable = pool_id2solvable(pool, id);
  solvable->name = state_->text(item.name);
  solvable->evr = state_->text(item.version);
  solvable->arch = item.arch.empty() ? ARCH_NOARCH : state_->text(item.arch);
  Offset provides = 0, requirements = 0;
  for (const auto& one : item.provides) {
    if (const Id dependency = state_->dependency(one, true)) {
      provides = repo_addid_dep(repo, provides, dependency, 0);
    }
  }
  const Id self = pool_rel2id(pool, solvable->name, solvable->evr, REL_EQ, 1);
  provides = repo_addid_dep(repo, provides, self, 0);
  for (const auto& one : item.requirements) {
    if ((one.flags & kRpmlib) != 0 || one.name.starts_with("rpmlib(")) continue;
    if (const Id dependency = state_->dependency(one, true)) {
      requirements = repo_addid_dep(repo, requirements, dependency, 0);
    }
  }
  solvable = pool_id2solvable(pool, id);  // the array may have moved
  solvable->dep_provides = provides;
  solvable->dep_requires = requirements;
  if (repository == Repository::kInstalled) {
    for (const auto& [directory, name] : item.files) {
      const std::string path(directory), file(name);
      const Id place = repodata_str2dir(state_->files, path.c_str(), 1);
      if (place != 0)
        repodata_add_dirstr(state_->files, id, SOLVABLE_FILELIST, place, file.c_str());
    }
  }
  ++state_->count;
}

void SolvPool::finish() {
  repodata_internalize(state_->files);
  pool_addfileprovides(state_->pool);
  pool_createwhatprovides(state_->pool);
}

std::vector<std::string> SolvPool::providers(std::string_view capability) const {
  std::vector<std::string> names;
  Pool* pool = state_->pool;
  const auto add = [&](Id id) { names.emplace_back(pool_solvid2str(pool, id)); };
  if (const Id wanted = state_->question(capability)) {
    for (const Id* id = pool_whatprovides_ptr(pool, wanted); *id != 0; ++id) add(*id);
  }
  if (names.empty() && capability.starts_with('/')) {
    const std::string path(capability);
    Dataiterator it;
    dataiterator_init(&it, pool, state_->installed, 0, SOLVABLE_FILELIST, path.c_str(),
                      SEARCH_STRING | SEARCH_FILES);
    while (dataiterator_step(&it) != 0) add(it.solvid);
    dataiterator_free(&it);
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

bool SolvPool::provides(std::string_view capability) const {
  if (capability.starts_with('/')) return !providers(capability).empty();
  const Id wanted = state_->question(capability);
  return wanted != 0 && *pool_whatprovides_ptr(state_->pool, wanted) != 0;
}

std::vector<std::string> SolvPool::missing(std::span<const std::string> capabilities) const {
  std::vector<std::string> all;
  for (const auto& capability : capabilities) {
    if (!provides(capability)) all.push_back(capability);
  }
  return all;
}

std::size_t SolvPool::size() const { return state_->count; }

}  // namespace rpmenv

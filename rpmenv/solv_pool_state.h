// What a SolvPool holds. Internal to this room: the only header that includes libsolv's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rpmenv/solv_pool.h"
#include "rpmenv/text.h"

// Without this a field of libsolv is named "requires", a keyword of C++20.
#define LIBSOLV_SOLVABLE_PREPEND_DEP 1
extern "C" {
#include <solv/pool.h>
#include <solv/pool_parserpmrichdep.h>
#include <solv/repo.h>
#include <solv/repodata.h>
#include <solv/solvable.h>
}

namespace rpmenv {

constexpr std::uint32_t kLess = 2, kGreater = 4, kEqual = 8;  // RPM's sense flags
constexpr std::uint32_t kRpmlib = 1u << 24;  // a feature of rpm itself, no capability of an image

inline int relation(std::uint32_t flags) {
  return ((flags & kLess) != 0 ? REL_LT : 0) | ((flags & kGreater) != 0 ? REL_GT : 0) |
         ((flags & kEqual) != 0 ? REL_EQ : 0);
}

struct SolvPool::State {
  Pool* pool = pool_create();
  Repo* installed = nullptr;
  Repo* facts = nullptr;
  Repodata* files = nullptr;
  std::size_t count = 0;

  State() {
    pool_setdisttype(pool, DISTTYPE_RPM);
    installed = repo_create(pool, "rpm");
    facts = repo_create(pool, "facts");
    files = repo_add_repodata(installed, 0);
    pool_set_installed(pool, installed);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { pool_free(pool); }

  Id text(std::string_view value, bool create = true) const {
    return pool_strn2id(pool, value.data(), static_cast<unsigned>(value.size()), create ? 1 : 0);
  }
  // 0 if `create` is false and the pool has never heard of it.
  Id dependency(const Dependency& one, bool create) const {
    if (one.name.starts_with('(') && create) {
      const std::string rich(one.name);
      return pool_parserpmrichdep(pool, rich.c_str());
    }
    const Id name = text(one.name, create);
    const int op = relation(one.flags);
    if (name == 0 || one.version.empty() || op == 0) return name;
    // The version need not be known for ">= version" to hold.
    return pool_rel2id(pool, name, text(one.version), op, 1);
  }
  // "name" or "name OP version"; 0 if `create` is false and the pool has never heard of it.
  Id question(std::string_view capability, bool create = false) const {
    auto rest = capability;
    Dependency one{.name = next_word(rest), .version = {}, .flags = 0};
    for (const char c : next_word(rest)) {
      one.flags |= c == '<' ? kLess : c == '>' ? kGreater : c == '=' ? kEqual : 0;
    }
    one.version = trimmed(rest);
    return dependency(one, create);
  }
};

}  // namespace rpmenv

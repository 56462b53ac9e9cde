// What is asked: the user's requirements and the policies under which candidates are chosen.
// Knows nothing of the target or of an index.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pep/requirement.h"
#include "pep/version.h"

namespace resolver::pipeline {

enum class Prerelease {
  kAllow,                  // like any other version
  kDisallow,               // never
  kIfNecessary,            // when no final release fits
  kExplicit,               // only where a requirement of the user names one
  kIfNecessaryOrExplicit,  // the default: finals first, then pre-releases
};

enum class Resolution { kHighest, kLowest, kLowestDirect };

// One "--only-binary" or "--no-binary": everything, or the names given.
struct NameSet {
  bool all = false;
  std::vector<pep::Name> names;  // sorted
  bool contains(const pep::Name& name) const;
};

// Versions that may not be together in a stack, all of them, and why: "needs libx.so.1, …".
struct Apart {
  std::vector<std::pair<pep::Name, pep::Version>> members;
  std::string reason;
  bool operator==(const Apart&) const = default;
};

struct Policy {
  Prerelease prerelease = Prerelease::kIfNecessaryOrExplicit;
  Resolution resolution = Resolution::kHighest;
  bool allow_yanked = false;  // else only where the user pins the version
  NameSet only_binary;
  NameSet no_binary;
  // Of names whose requirement gives hashes: the SHA-256 digests, in hex, that a file may have.
  std::map<pep::Name, std::vector<std::string>> hashes;
  // Wheels by file name whose libraries need what the target lacks: "needs libGL.so.1; …".
  std::map<std::string, std::string, std::less<>> lacking;
  std::vector<Apart> apart;
  std::optional<std::int64_t> exclude_newer;  // seconds since the epoch; only files uploaded before
};

struct RootRequirement {
  pep::Requirement requirement;
  std::string origin;  // "requirements.in:3", for explanations; may be empty
  bool develop = false;
  std::size_t number = 0;           // among those of its kind, as they were read
  std::vector<std::string> hashes;  // SHA-256 digests, in hex, that a file may have; none: any
};

struct Question {
  std::vector<RootRequirement> requirements;
  std::vector<RootRequirement> constraints;
  std::vector<pep::Requirement> overrides;  // replace every requirement on their name
  // What the user has taken from a URL, a path or a repository: the URLs that mean it. The client
  // then gives the one version of the name.
  std::map<pep::Name, std::vector<std::string>> direct_urls;
  std::map<pep::Name, pep::Version> preferences;  // of an earlier lock: taken where they fit
  Policy policy;
};

}  // namespace resolver::pipeline

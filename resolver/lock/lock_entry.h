// What the readers of locks have in common: names, versions, hashes and markers with their places.
#pragma once

#include "resolver/lock/document.h"
#include "resolver/lock/lock.h"

namespace resolver::lock {

// A package with the name and version of a document's entry. `version` may begin with "==".
pep::Result<Package> package_of(const SourceText& source, const Value& entry, std::string_view name,
                                std::string_view version);

// "sha256:…" as an artifact's hash; other algorithms leave it empty. Malformed if it is none.
pep::Status set_hash(const SourceText& source, const Value& entry, std::string_view hash,
                     Artifact& artifact);

// Checks that it is a marker and sets it.
pep::Status set_marker(const SourceText& source, const Value& entry, std::string_view marker,
                       Package& package);

// Lower case if it is a hash of SHA-256, else empty.
std::string checked_sha256(std::string_view hex);

// By name, then version.
void sort_packages(Lock& lock);

}  // namespace resolver::lock

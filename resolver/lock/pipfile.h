// Reads a Pipfile: packages, dev-packages, sources, required Python.
#pragma once

#include "resolver/lock/lock.h"
#include "resolver/lock/manifest.h"

namespace resolver::lock {

pep::Result<Requirements> read_pipfile(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_pipfile_text(std::string_view text, const std::string& name,
                                            const Selection& selection);

// What a Pipfile.lock says of the Pipfile that it was made from.
struct PipfileFacts {
  std::string hashed;  // the bytes whose SHA-256 pipenv compares: a Pipfile as canonical JSON
  std::string meta;    // the tables `requires` and `sources` as JSON, laid out for the lock
  std::vector<NamedIndex> indexes;
};
pep::Result<PipfileFacts> pipfile_facts(std::string_view text, const std::string& name);

// A Pipfile.lock in the layout of pipenv. `sha256` is that of `facts.hashed`, in hex.
std::string write_pipfile_lock(const Lock& lock, const PipfileFacts& facts,
                               std::string_view sha256);

}  // namespace resolver::lock

// Reads a Pipfile: packages, dev-packages, sources, required Python.
#pragma once

#include <map>

#include "resolver/lock/lock.h"
#include "resolver/lock/manifest.h"

namespace resolver::lock {

pep::Result<Requirements> read_pipfile(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_pipfile_text(std::string_view text, const std::string& name,
                                            const Selection& selection);

// Whether a key of a Pipfile is a category of its user's, and not one that pipenv knows.
bool is_pipfile_category(std::string_view name);

// What a Pipfile.lock says of the Pipfile that it was made from.
struct PipfileFacts {
  std::string hashed;  // the bytes whose SHA-256 pipenv compares: a Pipfile as canonical JSON
  std::string meta;    // the tables `requires` and `sources` as JSON, laid out for the lock
  std::vector<NamedIndex> indexes;
  // The sections of the lock beside "default", with the names that the Pipfile lists in each.
  struct Category {
    std::string name;  // "develop", or as the Pipfile calls it
    std::vector<pep::Name> packages;
  };
  std::vector<Category> categories;
  std::map<pep::Name, std::string> paths;  // `path` of an entry, as the Pipfile spells it
};
// `default_index` is what pipenv takes where the Pipfile has no [[source]]; kConfig if it is not
// known and has to be.
pep::Result<PipfileFacts> pipfile_facts(std::string_view text, const std::string& name,
                                        const std::string& default_index);

// The hash of its Pipfile that a Pipfile.lock notes; empty if it has none.
pep::Result<std::string> pipfile_lock_hash(std::string_view text, const std::string& name);

// A Pipfile.lock in the layout of pipenv. `sha256` is that of `facts.hashed`, in hex.
std::string write_pipfile_lock(const Lock& lock, const PipfileFacts& facts,
                               std::string_view sha256);

}  // namespace resolver::lock

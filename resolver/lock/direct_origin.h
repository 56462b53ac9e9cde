// How the formats of locks spell a package that no index gave. Knows nothing of how it is obtained.
#pragma once

#include <string>
#include <string_view>

#include "resolver/lock/document.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/requirements.h"

namespace resolver::lock {

// "git+https://host/p.git@COMMIT#subdirectory=x", "file:///p", "https://host/x.whl": the URL that
// pip takes.
std::string direct_url(const DirectOrigin& origin);
// The same without a commit or a subdirectory, which PEP 610 records apart.
std::string place_url(const DirectOrigin& origin);
// "name @ URL", or "-e URL#egg=name".
std::string direct_requirement(const Package& package);

// [packages.archive], [packages.vcs] or [packages.directory] of a pylock.toml that will be in
// `directory`.
void append_origin(std::string& out, const Package& package, std::string_view directory);
// Reads them. False if the entry has none of the three.
pep::Result<bool> read_origin(const SourceText& source, const Value& entry, Package& package);

// What stands in an entry of a Pipfile.lock in place of a version: "git" and "ref", "file", "path".
std::vector<Member> pipfile_origin(const DirectOrigin& origin);
// Reads them. False if the entry has none.
pep::Result<bool> read_pipfile_origin(const SourceText& source, const Value& entry,
                                      Package& package);

// A line of a requirements file that pins by URL: "name @ URL --hash=…", "git+URL@COMMIT".
pep::Result<Package> package_of_url(const RootRequirement& root);

}  // namespace resolver::lock

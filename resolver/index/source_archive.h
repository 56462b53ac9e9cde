// Files of a source archive: an sdist (.tar.gz, .zip), or what a forge makes of a repository
// (.tar.bz2, .tar.xz too). All its files lie in one directory. Input is untrusted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pep/result.h"

namespace resolver::index {

// The text of the file called `path` below the archive's one directory, at most 16 MiB. not_found
// if there is none, malformed if the archive is damaged.
pep::Result<std::string> source_file(std::string_view archive, std::string_view path);

// Calls `use` for each file whose name ends with `suffix`, with its text; 1 GiB in all at most.
pep::Status each_source_file(
    std::string_view archive, std::string_view suffix,
    const std::function<pep::Status(std::string_view, const std::string&)>& use);

// Unpacks everything into `directory`, which exists and is empty, and returns the path of the
// archive's one directory in it. Nothing is written outside of it.
pep::Result<std::string> unpack_source(std::string_view archive, const std::string& directory);

// The same of any archive, at most `most` bytes; nothing has to lie in one directory.
pep::Status unpack_archive(std::string_view archive, const std::string& directory,
                           std::int64_t most);
// By its first bytes: tar (compressed or not) or zip.
bool is_archive(std::string_view bytes);

}  // namespace resolver::index

// The choice of a lock's reader by its name; see readers.h.
#include "resolver/lock/readers.h"

#include <fmt/format.h>

#include <filesystem>

#include "resolver/lock/source_text.h"

namespace resolver::lock {

pep::Result<Lock> read_lock(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::move(text).error();
  const std::string name = std::filesystem::path(path).filename().string();
  if (is_pylock_filename(name)) return read_pylock(*text, path);
  if (name.ends_with(".txt")) return read_locked_requirements(*text, path);
  return pep::error(pep::Fault::kUsage, fmt::format("{} is no lock that can be read; its name must "
                                                    "be pylock.toml, pylock.NAME.toml or NAME.txt",
                                                    path));
}

}  // namespace resolver::lock

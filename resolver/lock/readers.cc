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
  if (name == "Pipfile.lock") return read_pipfile_lock(*text, path);
  if (name == "poetry.lock") return read_poetry_lock(*text, path);
  if (name == "uv.lock") return read_uv_lock(*text, path);
  if (name == "pdm.lock") return read_pdm_lock(*text, path);
  return pep::error(pep::Fault::kUsage,
                    fmt::format("{} is no lock that can be read; its name must be pylock.toml, "
                                "pylock.NAME.toml, NAME.txt, "
                                "Pipfile.lock, poetry.lock, uv.lock or pdm.lock",
                                path));
}

bool is_universal_lock(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name == "poetry.lock" || name == "uv.lock" || name == "pdm.lock";
}

}  // namespace resolver::lock

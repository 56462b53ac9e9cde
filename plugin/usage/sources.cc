#include "plugin/usage/sources.h"

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "prescriptions/declared.h"
#include "prescriptions/sources.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;
using prescriptions::Field;
using prescriptions::FieldMap;

constexpr std::size_t kMostFiles = 100'000;
constexpr int kDeepest = 64;

bool is_source(const fs::path& path) {
  const std::string kind = path.extension().native();
  return kind == ".py" || kind == ".ipynb" || kind == ".pyi";
}

// Lines of IPython's own are none of Python.
std::string without_magic(std::string_view cell) {
  std::string text;
  for (std::size_t at = 0; at < cell.size();) {
    const std::size_t end = std::min(cell.find('\n', at), cell.size());
    const std::string_view line = cell.substr(at, end - at);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || (line[first] != '%' && line[first] != '!')) text += line;
    text += '\n';
    at = end + 1;
  }
  return text;
}

// The code cells of a notebook; empty with a fault if it is none.
pep::Status add_notebook(const std::string& text, const std::string& path, LibraryUsage& usage) {
  std::string code;
  auto read = prescriptions::read_declared_text(text, path, [&](const Field& root) {
    FieldMap notebook(root);
    const auto cells = notebook.optional("cells");
    notebook.all();
    if (!cells) return;
    for (const Field& cell : cells->list(0)) {
      FieldMap map(cell);
      const auto type = map.optional("cell_type");
      const auto source = map.optional("source");
      map.all();
      if (!type || type->text() != "code" || !source) continue;
      std::string whole;
      if (source->is_list()) {
        for (const Field& line : source->list(0)) whole += line.text();
      } else {
        whole = source->text();
      }
      code += without_magic(whole);
    }
  });
  add_usage(code, usage);
  return read;
}

class Walk {
 public:
  UsageFound found;

  void directory(const fs::path& path, int depth) {
    std::error_code failure;
    if (depth > kDeepest || fs::exists(path / "pyvenv.cfg", failure)) return;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
         entry.increment(failure)) {
      const std::string name = entry->path().filename().native();
      if (!name.starts_with('.') && name != "__pycache__" && name != "site-packages" &&
          name != "node_modules") {
        entries.push_back(*entry);
      }
    }
    if (failure) found.warnings.push_back(fmt::format("{}: {}", path.native(), failure.message()));
    std::ranges::sort(entries, {}, [](const fs::directory_entry& one) { return one.path(); });
    for (const fs::directory_entry& entry : entries) {
      if (entry.is_symlink(failure)) continue;
      if (entry.is_directory(failure)) {
        own_.push_back(entry.path().filename().native());
        directory(entry.path(), depth + 1);
      } else if (is_source(entry.path()) && entry.is_regular_file(failure)) {
        file(entry.path());
      }
    }
  }

  void file(const fs::path& path) {
    if (++files_ > kMostFiles) {
      if (files_ == kMostFiles + 1)
        found.warnings.push_back(fmt::format("only {} sources were read", kMostFiles));
      return;
    }
    std::string text;
    std::vector<prescriptions::Fault> faults;
    if (!prescriptions::read_text(path.native(), text, faults)) {
      found.warnings.push_back(fmt::format("{}: {}", path.native(), faults[0].message));
      return;
    }
    own_.push_back(path.stem().native());
    if (path.extension() != ".ipynb") return add_usage(text, found.usage);
    if (auto read = add_notebook(text, path.native(), found.usage); !read) {
      found.warnings.push_back(
          fmt::format("{} is no notebook: {}", path.native(), read.error().what));
    }
  }

  // What the application imports of itself is no library.
  void forget_own() {
    for (const std::string& name : own_) found.usage.erase(name);
  }

 private:
  std::vector<std::string> own_;
  std::size_t files_ = 0;
};

}  // namespace

pep::Result<UsageFound> usage_of(const std::string& path) {
  Walk walk;
  std::error_code failure;
  if (fs::is_directory(path, failure)) {
    walk.directory(path, 0);
  } else if (fs::is_regular_file(path, failure)) {
    walk.file(path);
  } else {
    return pep::error(pep::Fault::kNotFound, path + ": no such file or directory");
  }
  walk.forget_own();
  return std::move(walk.found);
}

}  // namespace plugin

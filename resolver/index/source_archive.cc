#include "resolver/index/source_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>

namespace resolver::index {
namespace {

constexpr std::size_t kFileLimit = std::size_t{16} << 20;
constexpr std::int64_t kWholeLimit = std::int64_t{4} << 30;
constexpr int kEntryLimit = 200'000;

pep::Error broken(archive* in) {
  const char* why = archive_error_string(in);
  return pep::error(pep::Fault::kMalformed, std::string("the source archive cannot be read: ") +
                                                (why == nullptr ? "unknown" : why));
}

// Calls `visit` for each entry with its path, without "./" in front; until it returns false.
pep::Status each_entry(
    std::string_view bytes,
    const std::function<pep::Result<bool>(archive*, archive_entry*, std::string_view)>& visit) {
  const std::unique_ptr<archive, decltype(&archive_read_free)> in(archive_read_new(),
                                                                  &archive_read_free);
  archive_read_support_format_tar(in.get());
  archive_read_support_format_zip(in.get());
  for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                             archive_read_support_filter_xz}) {
    support(in.get());
  }
  if (archive_read_open_memory(in.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return broken(in.get());
  archive_entry* entry = nullptr;
  for (int i = 0; i < kEntryLimit; ++i) {
    const int code = archive_read_next_header(in.get(), &entry);
    if (code == ARCHIVE_EOF) return pep::Done{};
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return broken(in.get());
    const char* name = archive_entry_pathname(entry);
    std::string_view path(name == nullptr ? "" : name);
    if (path.starts_with("./")) path.remove_prefix(2);
    auto more = visit(in.get(), entry, path);
    if (!more) return std::move(more).error();
    if (!*more) return pep::Done{};
  }
  return pep::error(pep::Fault::kMalformed, "the source archive has more than 200,000 entries");
}

pep::Result<std::string> text_of(archive* in) {
  std::string text;
  std::array<char, 16384> buffer;
  la_ssize_t size = 0;
  while ((size = archive_read_data(in, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > kFileLimit) {
      return pep::error(pep::Fault::kMalformed,
                        "a file that says what a project is, is larger "
                        "than 16 MiB");
    }
  }
  if (size < 0) return broken(in);
  return text;
}

// Writes one entry below `directory`. Links that lead out of it and special files are refused by
// libarchive or left out here.
pep::Status extract(archive* in, archive* out, archive_entry* entry, const std::string& directory,
                    std::string_view path, std::int64_t& left) {
  archive_entry_set_pathname(entry, (directory + "/" + std::string(path)).c_str());
  if (const char* link = archive_entry_hardlink(entry)) {
    if (std::string_view(link).find("..") != std::string_view::npos) return pep::Done{};
    archive_entry_set_hardlink(entry, (directory + "/" + std::string(link)).c_str());
  }
  if (archive_write_header(out, entry) != ARCHIVE_OK) return broken(out);
  std::array<char, 65536> buffer;
  la_ssize_t size = 0;
  while ((size = archive_read_data(in, buffer.data(), buffer.size())) > 0) {
    left -= size;
    if (left < 0)
      return pep::error(pep::Fault::kMalformed, "the source archive unpacks to more than 4 GiB");
    if (archive_write_data(out, buffer.data(), static_cast<std::size_t>(size)) != size)
      return broken(out);
  }
  if (size < 0) return broken(in);
  return pep::Done{};
}

}  // namespace

pep::Result<std::string> source_file(std::string_view archive_bytes, std::string_view path) {
  std::string text;
  bool found = false;
  auto read = each_entry(
      archive_bytes,
      [&](archive* in, archive_entry* entry, std::string_view name) -> pep::Result<bool> {
        const std::size_t slash = name.find('/');
        if (slash == std::string_view::npos || name.substr(slash + 1) != path ||
            archive_entry_filetype(entry) != AE_IFREG) {
          return true;
        }
        auto content = text_of(in);
        if (!content) return std::move(content).error();
        text = std::move(*content);
        found = true;
        return false;
      });
  if (!read) return std::move(read).error();
  if (!found)
    return pep::error(pep::Fault::kNotFound, "the source archive holds no " + std::string(path));
  return text;
}

pep::Result<std::string> unpack_source(std::string_view archive_bytes,
                                       const std::string& directory) {
  const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_disk_new(),
                                                                    &archive_write_free);
  archive_write_disk_set_options(out.get(),
                                 ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
  std::int64_t left = kWholeLimit;
  std::string top;
  auto done = each_entry(
      archive_bytes,
      [&](archive* in, archive_entry* entry, std::string_view name) -> pep::Result<bool> {
        const auto type = archive_entry_filetype(entry);
        const std::string path(name);
        if (type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK) return true;
        if (path.empty() || path[0] == '/') return true;
        if (top.empty() && path.find('/') != std::string::npos)
          top = path.substr(0, path.find('/'));
        auto extracted = extract(in, out.get(), entry, directory, path, left);
        if (!extracted) return std::move(extracted).error();
        return true;
      });
  if (!done) return std::move(done).error();
  if (archive_write_close(out.get()) != ARCHIVE_OK) return broken(out.get());
  if (top.empty())
    return pep::error(pep::Fault::kMalformed, "the source archive holds no directory");
  return directory + "/" + top;
}

}  // namespace resolver::index

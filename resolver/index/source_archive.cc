#include "resolver/index/source_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "resolver/index/bounded_archive.h"
#include "rpmenv/descriptor.h"

namespace resolver::index {
namespace {

constexpr std::size_t kFileLimit = std::size_t{16} << 20;
constexpr std::int64_t kWholeLimit = std::int64_t{4} << 30;
constexpr int kEntryLimit = 200'000;

// Calls `visit` for each entry with its path, without "./" in front; until it returns false. No
// more than `most` is decompressed.
pep::Status each_entry(std::string_view bytes, std::int64_t most,
                       const std::function<pep::Result<bool>(const BoundedArchive&, archive_entry*,
                                                             std::string_view)>& visit) {
  BoundedArchive in(bytes, most, "the source archive");
  archive_read_support_format_tar(in.get());
  archive_read_support_format_zip(in.get());
  for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                             archive_read_support_filter_xz}) {
    support(in.get());
  }
  if (!in.open()) return in.broken();
  archive_entry* entry = nullptr;
  for (int i = 0; i < kEntryLimit; ++i) {
    const int code = archive_read_next_header(in.get(), &entry);
    if (code == ARCHIVE_EOF) return pep::Done{};
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return in.broken();
    const char* name = archive_entry_pathname(entry);
    std::string_view path(name == nullptr ? "" : name);
    if (path.starts_with("./")) path.remove_prefix(2);
    auto more = visit(in, entry, path);
    if (!more) return std::move(more).error();
    if (!*more) return pep::Done{};
  }
  return pep::error(pep::Fault::kMalformed, "the source archive has more than 200,000 entries");
}

pep::Result<std::string> text_of(const BoundedArchive& in) {
  std::string text;
  std::array<char, 16384> buffer;
  la_ssize_t size = 0;
  while ((size = archive_read_data(in.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > kFileLimit) {
      return pep::error(pep::Fault::kMalformed,
                        "a file that says what a project is, is larger "
                        "than 16 MiB");
    }
  }
  if (size < 0) return in.broken();
  return text;
}

// A relative path that stays where it is put: no "..", nothing empty.
bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  const std::filesystem::path parts(path);
  return std::none_of(parts.begin(), parts.end(), [](const auto& part) { return part == ".."; });
}

pep::Error cannot_write(const std::string& path) {
  return pep::error(pep::Fault::kIo, path + ": " + std::generic_category().message(errno));
}

// Written by hand rather than by libarchive, which brings access control lists along. No link is
// there yet when a file is written (O_NOFOLLOW and O_EXCL say so), so none can lead out.
pep::Status write_file(const BoundedArchive& in, const std::string& path, mode_t mode,
                       std::int64_t& left) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                          (mode & 0755) | 0600);
  if (file < 0) return errno == EEXIST ? pep::Status(pep::Done{}) : pep::Status(cannot_write(path));
  const rpmenv::Descriptor closing(file);
  std::array<char, 65536> buffer;
  la_ssize_t size = 0;
  while ((size = archive_read_data(in.get(), buffer.data(), buffer.size())) > 0) {
    left -= size;
    if (left < 0)
      return pep::error(pep::Fault::kMalformed, "the archive unpacks to more than is allowed");
    for (la_ssize_t done = 0; done < size;) {
      const ssize_t written =
          ::write(file, buffer.data() + done, static_cast<std::size_t>(size - done));
      if (written < 0 && errno != EINTR) return cannot_write(path);
      done += std::max<ssize_t>(written, 0);
    }
  }
  if (size < 0) return in.broken();
  return pep::Done{};
}

}  // namespace

pep::Result<std::string> source_file(std::string_view archive_bytes, std::string_view path) {
  std::string text;
  bool found = false;
  auto read = each_entry(archive_bytes, kLookLimit,
                         [&](const BoundedArchive& in, archive_entry* entry,
                             std::string_view name) -> pep::Result<bool> {
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

pep::Status each_source_file(
    std::string_view archive_bytes, std::string_view suffix,
    const std::function<pep::Status(std::string_view, const std::string&)>& use) {
  std::int64_t left = std::int64_t{1} << 30;
  return each_entry(archive_bytes, left,
                    [&](const BoundedArchive& in, archive_entry* entry,
                        std::string_view name) -> pep::Result<bool> {
                      if (!name.ends_with(suffix) || archive_entry_filetype(entry) != AE_IFREG)
                        return true;
                      auto content = text_of(in);
                      if (!content) return std::move(content).error();
                      left -= static_cast<std::int64_t>(content->size());
                      if (left < 0) {
                        return pep::error(pep::Fault::kMalformed,
                                          "the archive unpacks to more than 1 GiB");
                      }
                      auto used = use(name, *content);
                      if (!used) return std::move(used).error();
                      return true;
                    });
}

namespace {

// `top` becomes the first directory.
pep::Status unpack(std::string_view archive_bytes, const std::string& directory, std::int64_t most,
                   std::string& top) {
  std::int64_t left = most;
  std::vector<std::pair<std::string, std::string>> links;  // path and target, made last
  auto done = each_entry(archive_bytes, most,
                         [&](const BoundedArchive& in, archive_entry* entry,
                             std::string_view name) -> pep::Result<bool> {
                           if (!stays_inside(name)) return true;
                           const auto type = archive_entry_filetype(entry);
                           const std::string path = directory + "/" + std::string(name);
                           const std::size_t slash = name.find('/');
                           if (top.empty() && slash != std::string_view::npos)
                             top = name.substr(0, slash);
                           std::error_code code;
                           std::filesystem::create_directories(
                               type == AE_IFDIR ? std::filesystem::path(path)
                                                : std::filesystem::path(path).parent_path(),
                               code);
                           if (code)
                             return pep::error(pep::Fault::kIo, path + ": " + code.message());
                           if (type == AE_IFLNK && archive_entry_symlink(entry) != nullptr)
                             links.emplace_back(path, archive_entry_symlink(entry));
                           if (type != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
                             return true;
                           auto written = write_file(in, path, archive_entry_perm(entry), left);
                           if (!written) return std::move(written).error();
                           return true;
                         });
  if (!done) return std::move(done).error();
  for (const auto& [path, target] : links) {
    if (stays_inside(target) && ::symlink(target.c_str(), path.c_str()) != 0 && errno != EEXIST)
      return cannot_write(path);
  }
  return pep::Done{};
}

}  // namespace

pep::Result<std::string> unpack_source(std::string_view archive_bytes,
                                       const std::string& directory) {
  std::string top;
  if (auto done = unpack(archive_bytes, directory, kWholeLimit, top); !done)
    return std::move(done).error();
  if (top.empty())
    return pep::error(pep::Fault::kMalformed, "the source archive holds no directory");
  return directory + "/" + top;
}

pep::Status unpack_archive(std::string_view archive_bytes, const std::string& directory,
                           std::int64_t most) {
  std::string top;
  return unpack(archive_bytes, directory, most, top);
}

bool is_archive(std::string_view bytes) {
  for (const std::string_view magic : {"\x1f\x8b", "PK\x03\x04", "BZh",
                                       "\xfd"
                                       "7zXZ"})
    if (bytes.starts_with(magic)) return true;
  return bytes.size() > 262 && bytes.substr(257, 5) == "ustar";
}

}  // namespace resolver::index

// Reads archives. The only file of this room that names libarchive.
#include "rpmenv/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace rpmenv {
namespace {

struct Close {
  void operator()(struct ::archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<struct ::archive, Close>;

constexpr int kMaxMembers = 200000;
constexpr std::uint64_t kMaxUnpacked = std::uint64_t{4} << 30;  // of one compressed file

std::string said(struct ::archive* reader, const char* otherwise) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : otherwise;
}

}  // namespace

pep::Result<Descriptor> open_regular(const std::string& path) {
  // O_NONBLOCK: nobody may ever write to a FIFO.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct ::stat status = {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) {
    return pep::error(pep::Fault::kIo,
                      fmt::format("{}: {}", path, std::generic_category().message(errno)));
  }
  if (!S_ISREG(status.st_mode))
    return pep::error(pep::Fault::kIo, fmt::format("{} is not a regular file", path));
  return file;
}

pep::Result<std::string> read_zip_member(std::string_view zip, std::string_view member,
                                         std::uint64_t limit) {
  const Reader reader(archive_read_new());
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
    return pep::error(pep::Fault::kMalformed, "not a zip file");
  }
  struct ::archive_entry* entry = nullptr;
  for (int i = 0; i < kMaxMembers && archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK;
       ++i) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || member != name) continue;
    std::string text;
    char part[16384];
    for (la_ssize_t got = 1; got > 0;) {
      got = archive_read_data(reader.get(), part, sizeof part);
      if (got < 0 || text.size() + static_cast<std::size_t>(got) > limit) {
        return pep::error(
            pep::Fault::kMalformed,
            fmt::format("the member {} of a zip file is damaged or too large", member));
      }
      text.append(part, static_cast<std::size_t>(got));
    }
    return text;
  }
  return pep::error(pep::Fault::kNotFound, fmt::format("the zip file has no member {}", member));
}

namespace {

// What a stream of decompressed bytes stands on.
struct Stream {
  Descriptor file;
  Reader reader;
  std::uint64_t left = kMaxUnpacked;
};

ssize_t read_stream(void* cookie, char* buffer, std::size_t size) {
  auto& stream = *static_cast<Stream*>(cookie);
  const la_ssize_t got = archive_read_data(stream.reader.get(), buffer, size);
  if (got < 0 || static_cast<std::uint64_t>(got) > stream.left) return -1;
  stream.left -= static_cast<std::uint64_t>(got);
  return static_cast<ssize_t>(got);
}

int close_stream(void* cookie) {
  delete static_cast<Stream*>(cookie);
  return 0;
}

}  // namespace

pep::Result<StreamFile> open_decompressed(const std::string& path) {
  auto file = open_regular(path);
  if (!file) return std::move(file).error();
  auto stream = std::make_unique<Stream>(*std::move(file), Reader(archive_read_new()));
  struct ::archive* reader = stream->reader.get();
  archive_read_support_filter_gzip(reader);
  archive_read_support_filter_bzip2(reader);
  archive_read_support_filter_xz(reader);
  archive_read_support_filter_zstd(reader);
  archive_read_support_format_raw(reader);
  archive_read_support_format_empty(reader);
  struct ::archive_entry* entry = nullptr;
  if (archive_read_open_fd(reader, stream->file.get(), 1 << 16) != ARCHIVE_OK ||
      archive_read_next_header(reader, &entry) < ARCHIVE_WARN) {
    return pep::error(pep::Fault::kIo,
                      fmt::format("{}: {}", path, said(reader, "it cannot be read")));
  }
  // libsolv's own way of opening files would link what compresses them too, half a megabyte.
  std::FILE* opened =
      fopencookie(stream.get(), "r",
                  {.read = read_stream, .write = nullptr, .seek = nullptr, .close = close_stream});
  if (opened == nullptr) return pep::error(pep::Fault::kIo, path + " cannot be opened");
  (void)stream.release();
  return StreamFile(opened, &std::fclose);
}

pep::Status for_each_zip_member(const std::string& path,
                                const std::function<pep::Status(const ZipMember&)>& use) {
  auto file = open_regular(path);
  if (!file) return std::move(file).error();
  const Reader reader(archive_read_new());
  archive_read_support_format_zip_seekable(reader.get());
  if (archive_read_open_fd(reader.get(), file->get(), 1 << 16) != ARCHIVE_OK)
    return pep::error(pep::Fault::kMalformed, said(reader.get(), "not a zip file"));
  struct ::archive_entry* entry = nullptr;
  int code = ARCHIVE_OK;
  for (int i = 0; (code = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK ||
                  code == ARCHIVE_WARN;
       ++i) {
    if (i == kMaxMembers) return pep::error(pep::Fault::kMalformed, "more than 200,000 members");
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) continue;
    const ZipMember member{
        name, [&](std::uint64_t limit, const auto& take) -> pep::Status {
          std::uint64_t total = 0;
          char part[1 << 16];
          for (la_ssize_t got = 1; got > 0;) {
            got = archive_read_data(reader.get(), part, sizeof part);
            total += got > 0 ? static_cast<std::uint64_t>(got) : 0;
            if (got < 0 || total > limit) {
              return pep::error(
                  pep::Fault::kMalformed,
                  fmt::format("the member {} of a zip file is damaged or too large", name));
            }
            if (got == 0) break;
            if (auto taken = take(std::string_view(part, static_cast<std::size_t>(got))); !taken)
              return taken;
          }
          return pep::Done{};
        }};
    if (auto used = use(member); !used) return used;
  }
  if (code != ARCHIVE_EOF)
    return pep::error(pep::Fault::kMalformed, said(reader.get(), "not a zip file"));
  return pep::Done{};
}

}  // namespace rpmenv

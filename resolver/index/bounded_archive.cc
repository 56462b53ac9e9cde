#include "resolver/index/bounded_archive.h"

#include <archive.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace resolver::index {
namespace {

// Small, as the bound is looked at between two blocks: 4 KiB may hold megabytes.
constexpr std::size_t kBlock = 4096;

}  // namespace

BoundedArchive::BoundedArchive(std::string_view bytes, std::int64_t most, std::string_view what)
    : what_(what), archive_(archive_read_new(), &archive_read_free) {
  source_ = std::make_unique<Source>(
      Source{.in = archive_.get(), .bytes = bytes, .most = most, .at = 0, .beyond = false});
}

bool BoundedArchive::open() {
  archive* in = archive_.get();
  archive_read_set_read_callback(in, &read);
  archive_read_set_skip_callback(in, &skip);
  archive_read_set_seek_callback(in, &seek);
  archive_read_set_callback_data(in, source_.get());
  return archive_read_open1(in) == ARCHIVE_OK;
}

pep::Error BoundedArchive::broken() const {
  std::string text(what_);
  if (source_->beyond) {
    return pep::error(pep::Fault::kMalformed, text + " unpacks to more than " +
                                                  std::to_string(source_->most >> 20) + " MiB");
  }
  const char* why = archive_error_string(archive_.get());
  return pep::error(pep::Fault::kMalformed,
                    text + " cannot be read: " + (why == nullptr ? "unknown" : why));
}

la_ssize_t BoundedArchive::read(archive* in, void* source, const void** block) {
  auto& self = *static_cast<Source*>(source);
  // Without a filter this is the place in the bytes themselves, which were all paid for.
  if (archive_filter_count(in) > 1 && archive_filter_bytes(in, 0) > self.most) {
    self.beyond = true;
    archive_set_error(in, ARCHIVE_FATAL, "it unpacks to too much");
    return ARCHIVE_FATAL;
  }
  const std::size_t size = std::min(kBlock, self.bytes.size() - self.at);
  *block = self.bytes.data() + self.at;
  self.at += size;
  return static_cast<la_ssize_t>(size);
}

la_int64_t BoundedArchive::skip(archive*, void* source, la_int64_t size) {
  auto& self = *static_cast<Source*>(source);
  const auto left = static_cast<la_int64_t>(self.bytes.size() - self.at);
  const la_int64_t skipped = std::clamp<la_int64_t>(size, 0, left);
  self.at += static_cast<std::size_t>(skipped);
  return skipped;
}

la_int64_t BoundedArchive::seek(archive*, void* source, la_int64_t offset, int from) {
  auto& self = *static_cast<Source*>(source);
  const auto size = static_cast<la_int64_t>(self.bytes.size());
  const la_int64_t base = from == SEEK_SET   ? 0
                          : from == SEEK_END ? size
                                             : static_cast<la_int64_t>(self.at);
  if (offset < -base || offset > size - base) return ARCHIVE_FATAL;
  self.at = static_cast<std::size_t>(base + offset);
  return static_cast<la_int64_t>(self.at);
}

}  // namespace resolver::index

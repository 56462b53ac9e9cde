// The reader of page records. Every offset is checked against the record before it is followed.
#include <cstring>

#include "resolver/index/page_layout.h"
#include "resolver/index/page_record.h"

namespace resolver::index {
namespace layout = page_layout;

std::unique_ptr<PageView> PageView::open(std::span<const std::byte> record) {
  std::unique_ptr<PageView> view(new PageView);
  view->record_ = record;
  if (!view->read_header()) return nullptr;
  return view;
}

std::unique_ptr<PageView> PageView::own(std::vector<std::byte> record) {
  std::unique_ptr<PageView> view(new PageView);
  view->owned_ = std::move(record);
  view->record_ = view->owned_;
  if (!view->read_header()) return nullptr;
  return view;
}

bool PageView::read_header() {
  if (record_.size() < layout::kHeader || record_.size() > UINT32_MAX) return false;
  const auto field = [&](layout::HeaderField number) {
    return layout::load<std::uint32_t>(record_.data() + 4 * std::size_t{number});
  };
  if (field(layout::kMagicField) != layout::kMagic || field(layout::kTotal) != record_.size())
    return false;
  version_count_ = field(layout::kVersions);
  file_count_ = field(layout::kFiles);
  string_count_ = field(layout::kStrings);
  triple_count_ = field(layout::kTriples);
  digest_count_ = field(layout::kDigests);
  const auto fits = [&](layout::HeaderField at, std::uint64_t count, std::uint64_t size) {
    return field(at) + count * size <= record_.size();
  };
  if (triple_count_ > string_count_ ||
      !fits(layout::kVersionsAt, std::uint64_t{version_count_} + 1, layout::kVersion) ||
      !fits(layout::kFilesAt, file_count_, layout::kFile) ||
      !fits(layout::kStringsAt, string_count_, layout::kString) ||
      !fits(layout::kDigestsAt, digest_count_, layout::kDigest)) {
    return false;
  }
  const std::uint64_t text_at = field(layout::kTextAt);
  const std::uint64_t name_length = field(layout::kNameLength);
  const std::uint64_t url_length = field(layout::kIndexUrlLength);
  if (text_at + name_length + url_length > record_.size()) return false;
  versions_ = record_.data() + field(layout::kVersionsAt);
  files_ = record_.data() + field(layout::kFilesAt);
  strings_ = record_.data() + field(layout::kStringsAt);
  digests_ = record_.data() + field(layout::kDigestsAt);
  name_ = pep::Name::of(text(text_at, name_length));
  index_url_ = text(text_at + name_length, url_length);
  return true;
}

std::string_view PageView::text(std::uint64_t offset, std::uint64_t length) const {
  if (offset + length > record_.size()) return {};
  return {reinterpret_cast<const char*>(record_.data()) + offset, length};
}

std::string_view PageView::string(std::uint32_t number) const {
  if (number >= string_count_) return {};
  const std::byte* at = strings_ + layout::kString * number;
  return text(layout::load<std::uint32_t>(at), layout::load<std::uint32_t>(at + 4));
}

std::string_view PageView::triple(std::uint32_t number) const {
  return number < triple_count_ ? string(number) : std::string_view();
}

std::uint64_t PageView::version_key(std::uint32_t index) const {
  return index < version_count_ ? layout::load<std::uint64_t>(versions_ + layout::kVersion * index)
                                : 0;
}

std::string_view PageView::version_text(std::uint32_t index) const {
  if (index >= version_count_) return {};
  const std::byte* at = versions_ + layout::kVersion * index;
  return text(layout::load<std::uint32_t>(at + 8), layout::load<std::uint32_t>(at + 12));
}

pep::Version PageView::version(std::uint32_t index) const {
  auto parsed = pep::Version::parse(version_text(index));
  return parsed ? std::move(*parsed) : pep::Version();
}

FileRange PageView::files(std::uint32_t version_index) const {
  if (version_index >= version_count_) return {};
  const std::byte* at = versions_ + layout::kVersion * version_index;
  const FileRange range{.begin = layout::load<std::uint32_t>(at + 16),
                        .end = layout::load<std::uint32_t>(at + layout::kVersion + 16)};
  return range.begin <= range.end && range.end <= file_count_ ? range : FileRange{};
}

std::uint32_t PageView::version_of(std::uint32_t file_number) const {
  std::uint32_t low = 0;
  std::uint32_t high = version_count_;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (files(middle).end <= file_number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

File PageView::file(std::uint32_t file_number) const {
  File file;
  if (file_number >= file_count_) return file;
  const std::byte* at = files_ + layout::kFile * file_number;
  const std::uint32_t url_at = layout::load<std::uint32_t>(at);
  const std::uint32_t url_length = layout::load<std::uint16_t>(at + 4);
  const std::uint32_t name_length = layout::load<std::uint16_t>(at + 6);
  const std::uint64_t size = layout::load<std::uint64_t>(at + 32);
  const std::uint64_t flags = size >> 48;
  file.url = text(url_at, url_length);
  if ((flags & layout::kNameApart) != 0) {
    file.filename = text(std::uint64_t{url_at} + url_length, name_length);
  } else if (name_length <= file.url.size()) {
    file.filename = file.url.substr(file.url.size() - name_length);
  }
  file.kind = (flags & layout::kSdist) != 0 ? FileKind::kSdist : FileKind::kWheel;
  file.triple_number = layout::load<std::uint32_t>(at + 8);
  file.triple = triple(file.triple_number);
  file.requires_python = string(layout::load<std::uint32_t>(at + 12));
  file.yanked_reason = string(layout::load<std::uint32_t>(at + 16));
  file.upload_time = layout::load<std::uint32_t>(at + 20);
  file.size = size & layout::kSizeMask;
  file.yanked = (flags & layout::kYanked) != 0;
  file.has_core_metadata = (flags & layout::kCoreMetadata) != 0;
  const std::uint32_t digest = layout::load<std::uint32_t>(at + 24);
  if (digest != 0 && digest <= digest_count_) {
    file.has_sha256 = true;
    std::memcpy(file.sha256.data(), digests_ + layout::kDigest * (digest - 1), layout::kDigest);
  }
  return file;
}

std::optional<Sha256> PageView::metadata_sha256(std::uint32_t file_number) const {
  if (file_number >= file_count_) return std::nullopt;
  const std::uint32_t digest =
      layout::load<std::uint32_t>(files_ + layout::kFile * file_number + 28);
  if (digest == 0 || digest > digest_count_) return std::nullopt;
  Sha256 result;
  std::memcpy(result.data(), digests_ + layout::kDigest * (digest - 1), layout::kDigest);
  return result;
}

}  // namespace resolver::index

// The reader of page records. Every offset is checked before it is followed.
#include <cstring>

#include "resolver/index/page_layout.h"
#include "resolver/index/page_record.h"

namespace resolver::index {
namespace layout = page_layout;
namespace {

std::size_t digests_size(std::uint64_t flags) {
  return ((flags & layout::kHasDigest) != 0 ? layout::kDigest : 0) +
         ((flags & layout::kHasMetadataDigest) != 0 ? layout::kDigest : 0);
}

}  // namespace

std::shared_ptr<PageView> PageView::own(PageBytes bytes) {
  std::shared_ptr<PageView> view(new PageView);
  view->bytes_ = std::move(bytes);
  if (!view->read_header()) return nullptr;
  return view;
}

std::shared_ptr<PageView> PageView::open(std::vector<std::byte> hot, const ColdSource& source,
                                         std::uint64_t cold_at) {
  auto view = own({.hot = std::move(hot), .cold = {}});
  if (view != nullptr) view->move_cold(source, cold_at);
  return view;
}

bool PageView::read_header() {
  const std::vector<std::byte>& hot = bytes_.hot;
  if (hot.size() < layout::kHeader || hot.size() > UINT32_MAX) return false;
  const auto field = [&](layout::HeaderField number) {
    return layout::load<std::uint32_t>(hot.data() + 4 * std::size_t{number});
  };
  if (field(layout::kMagicField) != layout::kMagic || field(layout::kHotSize) != hot.size())
    return false;
  version_count_ = field(layout::kVersions);
  file_count_ = field(layout::kFiles);
  string_count_ = field(layout::kStrings);
  triple_count_ = field(layout::kTriples);
  const std::uint64_t files_at =
      layout::kHeader + layout::kVersion * (std::uint64_t{version_count_} + 1);
  const std::uint64_t strings_at = field(layout::kStringsAt);
  if (triple_count_ > string_count_ ||
      files_at + std::uint64_t{file_count_} * layout::kFile > hot.size() ||
      strings_at + std::uint64_t{string_count_} * layout::kString > hot.size()) {
    return false;
  }
  const std::uint64_t text_at = field(layout::kTextAt);
  const std::uint64_t name_length = field(layout::kNameLength);
  const std::uint64_t url_length = field(layout::kIndexUrlLength);
  if (text_at + name_length + url_length > hot.size()) return false;
  versions_ = hot.data() + layout::kHeader;
  files_ = hot.data() + files_at;
  strings_ = hot.data() + strings_at;
  name_ = pep::Name::of(text(text_at, name_length));
  index_url_ = text(text_at + name_length, url_length);
  return true;
}

std::string_view PageView::text(std::uint64_t offset, std::uint64_t length) const {
  if (offset + length > bytes_.hot.size()) return {};
  return {reinterpret_cast<const char*>(bytes_.hot.data()) + offset, length};
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
  return text(layout::load<std::uint32_t>(at + 12), layout::load<std::uint32_t>(at + 16));
}

pep::Version PageView::version(std::uint32_t index) const {
  const std::uint64_t key = version_key(index);
  if (key != 0) {
    return pep::Version::from_key(
        key, layout::load<std::uint32_t>(versions_ + layout::kVersion * index + 8));
  }
  return pep::Version::try_parse(version_text(index)).value_or(pep::Version());
}

FileRange PageView::files(std::uint32_t version_index) const {
  if (version_index >= version_count_) return {};
  const std::byte* at = versions_ + layout::kVersion * version_index;
  const FileRange range{.begin = layout::load<std::uint32_t>(at + 20),
                        .end = layout::load<std::uint32_t>(at + layout::kVersion + 20)};
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

const std::string& PageView::index_url_of(std::uint32_t file_number) const {
  if (origins_.empty() || file_number >= file_count_) return index_url_;
  const auto size = layout::load<std::uint64_t>(files_ + layout::kFile * file_number + 24);
  const std::size_t origin = size >> (48 + layout::kOriginShift);
  return origin < origins_.size() ? origins_[origin] : index_url_;
}

FileFacts PageView::facts(std::uint32_t file_number) const {
  FileFacts facts;
  if (file_number >= file_count_) return facts;
  const std::byte* at = files_ + layout::kFile * file_number;
  const std::uint64_t size = layout::load<std::uint64_t>(at + 24);
  const std::uint64_t flags = size >> 48;
  facts.kind = (flags & layout::kSdist) != 0 ? FileKind::kSdist : FileKind::kWheel;
  facts.triple_number = layout::load<std::uint32_t>(at + 8);
  facts.triple = triple(facts.triple_number);
  facts.requires_python = string(layout::load<std::uint32_t>(at + 12));
  facts.yanked_reason = string(layout::load<std::uint32_t>(at + 16));
  facts.upload_time = layout::load<std::uint32_t>(at + 20);
  facts.size = size & layout::kSizeMask;
  facts.yanked = (flags & layout::kYanked) != 0;
  facts.has_core_metadata = (flags & layout::kCoreMetadata) != 0;
  facts.has_sha256 = (flags & layout::kHasDigest) != 0;
  return facts;
}

// What the cold run says of a file. It is copied, so that views of it live as long as the page.
std::string_view PageView::cold(std::uint32_t file_number) const {
  const std::byte* at = files_ + layout::kFile * file_number;
  const std::uint64_t flags = layout::load<std::uint64_t>(at + 24) >> 48;
  const std::uint64_t offset = layout::load<std::uint32_t>(at);
  const std::size_t name_length = layout::load<std::uint16_t>(at + 6);
  const std::size_t size = digests_size(flags) + layout::load<std::uint16_t>(at + 4) +
                           ((flags & layout::kNameApart) != 0 ? name_length : 0);
  const std::lock_guard lock(mutex_);
  auto& known = cold_known_[file_number];
  if (known == nullptr) {
    auto copy = std::make_unique<char[]>(size);
    if (source_ != nullptr) {
      if (!source_->read(cold_at_ + offset, {copy.get(), size})) return {};
    } else if (offset + size <= bytes_.cold.size()) {
      if (size > 0) std::memcpy(copy.get(), bytes_.cold.data() + offset, size);
    } else {
      return {};
    }
    known = std::move(copy);
  }
  return {known.get(), size};
}

File PageView::file(std::uint32_t file_number) const {
  File file;
  if (file_number >= file_count_) return file;
  static_cast<FileFacts&>(file) = facts(file_number);
  const std::byte* at = files_ + layout::kFile * file_number;
  const std::uint64_t flags = layout::load<std::uint64_t>(at + 24) >> 48;
  const std::size_t url_length = layout::load<std::uint16_t>(at + 4);
  const std::size_t name_length = layout::load<std::uint16_t>(at + 6);
  const std::string_view bytes = cold(file_number);
  if (bytes.empty()) {
    file.has_sha256 = false;
    return file;
  }
  if (file.has_sha256) std::memcpy(file.sha256.data(), bytes.data(), layout::kDigest);
  const std::string_view texts = bytes.substr(digests_size(flags));
  file.url = texts.substr(0, url_length);
  if ((flags & layout::kNameApart) != 0) {
    file.filename = texts.substr(url_length);
  } else if (name_length <= url_length) {
    file.filename = file.url.substr(url_length - name_length);
  }
  return file;
}

std::optional<Sha256> PageView::metadata_sha256(std::uint32_t file_number) const {
  if (file_number >= file_count_) return std::nullopt;
  const std::uint64_t flags =
      layout::load<std::uint64_t>(files_ + layout::kFile * file_number + 24) >> 48;
  if ((flags & layout::kHasMetadataDigest) == 0) return std::nullopt;
  const std::string_view bytes = cold(file_number);
  if (bytes.empty()) return std::nullopt;
  Sha256 result;
  std::memcpy(result.data(),
              bytes.data() + ((flags & layout::kHasDigest) != 0 ? layout::kDigest : 0),
              layout::kDigest);
  return result;
}

bool PageView::is_same(const PageView& other) const {
  const std::vector<std::byte>& cold = other.bytes_.cold;
  if (bytes_.hot != other.bytes_.hot) return false;  // it states the size of the cold run
  const std::lock_guard lock(mutex_);
  if (source_ == nullptr) return bytes_.cold == cold;
  std::string ours(cold.size(), '\0');
  return source_->read(cold_at_, ours) && std::memcmp(ours.data(), cold.data(), cold.size()) == 0;
}

void PageView::move_cold(const ColdSource& source, std::uint64_t cold_at) {
  const std::lock_guard lock(mutex_);
  source_ = &source;
  cold_at_ = cold_at;
  std::vector<std::byte>().swap(bytes_.cold);
}

}  // namespace resolver::index

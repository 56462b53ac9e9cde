// The writer of page records.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "resolver/index/page_layout.h"
#include "resolver/index/page_record.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace layout = page_layout;

struct PageBuilder::Entry {
  std::uint32_t cold_at = 0;
  std::uint16_t url_length = 0;
  std::uint16_t name_length = 0;
  std::uint32_t triple = UINT32_MAX;
  std::uint32_t requires_python = 0;
  std::uint32_t reason = 0;
  std::uint32_t upload_time = 0;
  std::uint64_t size = 0;
  std::uint32_t slot = 0;
};

struct PageBuilder::Slot {
  pep::Version version;
  std::string text;
};

namespace {

constexpr std::uint64_t kTextLimit = std::uint64_t{1} << 31;

// Whether `text` is `normal` once it is normalised (PEP 503), without making a string.
bool spells(std::string_view text, std::string_view normal) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '-' || c == '_' || c == '.') {
      while (i + 1 < text.size() &&
             (text[i + 1] == '-' || text[i + 1] == '_' || text[i + 1] == '.'))
        ++i;
      c = '-';
    } else if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
    if (at >= normal.size() || normal[at] != c) return false;
    ++at;
  }
  return at == normal.size();
}

struct SplitName {
  std::string_view version;
  std::string_view triple;
  bool sdist = false;
};

// The parts of a file name, given whose project it must be; none if it is no wheel or sdist of that
// project.
std::optional<SplitName> split_filename(std::string_view filename, std::string_view project) {
  if (filename.ends_with(".whl")) {
    const std::string_view stem = filename.substr(0, filename.size() - 4);
    const std::size_t dashes = static_cast<std::size_t>(std::count(stem.begin(), stem.end(), '-'));
    if (dashes != 4 && dashes != 5) return std::nullopt;
    const std::size_t first = stem.find('-');
    const std::size_t second = stem.find('-', first + 1);
    std::size_t tags = second + 1;
    if (dashes == 5) {  // a build number, which begins with a digit
      if (stem[tags] < '0' || stem[tags] > '9') return std::nullopt;
      tags = stem.find('-', tags) + 1;
    }
    if (!spells(stem.substr(0, first), project)) return std::nullopt;
    return SplitName{.version = stem.substr(first + 1, second - first - 1),
                     .triple = stem.substr(tags)};
  }
  std::string_view stem = filename;
  if (stem.ends_with(".tar.gz")) {
    stem.remove_suffix(7);
  } else if (stem.ends_with(".zip")) {
    stem.remove_suffix(4);
  } else {
    return std::nullopt;
  }
  // Old sdists have dashes in the name and sometimes in the version, so every dash is tried.
  for (std::size_t dash = stem.find('-'); dash != std::string_view::npos;
       dash = stem.find('-', dash + 1)) {
    if (spells(stem.substr(0, dash), project)) {
      return SplitName{.version = stem.substr(dash + 1), .triple = {}, .sdist = true};
    }
  }
  return std::nullopt;
}

class Writer {
 public:
  explicit Writer(std::size_t size) : bytes_(size) {}
  template <class Integer>
  void put(Integer value) {
    layout::store(bytes_.data() + at_, value);
    at_ += sizeof value;
  }
  void put(const void* data, std::size_t size) {
    if (size != 0) std::memcpy(bytes_.data() + at_, data, size);
    at_ += size;
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace

PageBuilder::PageBuilder(pep::Name name, std::string index_url, std::string page_url)
    : name_(std::move(name)), index_url_(std::move(index_url)), page_url_(std::move(page_url)) {
  text_ = name_.str() + index_url_;
  texts_.emplace_back(0, 0);  // string number 0 of the non-triples is the empty one
}

PageBuilder::~PageBuilder() = default;

std::size_t PageBuilder::file_count() const { return entries_.size(); }

std::optional<std::uint32_t> PageBuilder::version_slot(std::string_view text) {
  const auto [known, fresh] = slot_numbers_.try_emplace(std::string(text), UINT32_MAX);
  if (fresh) {
    auto version = pep::Version::try_parse(text);
    if (!version) return std::nullopt;
    known->second = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back({.version = std::move(*version), .text = std::string(text)});
  }
  if (known->second == UINT32_MAX) return std::nullopt;
  return known->second;
}

std::uint32_t PageBuilder::text_number(std::string_view text) {
  if (text.empty()) return 0;
  const auto [known, fresh] =
      text_numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (fresh) {
    texts_.emplace_back(static_cast<std::uint32_t>(text_.size()),
                        static_cast<std::uint32_t>(text.size()));
    text_ += text;
  }
  return known->second;
}

std::uint32_t PageBuilder::triple_number(std::string_view text) {
  const auto [known, fresh] =
      triple_numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(triples_.size()));
  if (fresh) {
    triples_.emplace_back(static_cast<std::uint32_t>(text_.size()),
                          static_cast<std::uint32_t>(text.size()));
    text_ += text;
  }
  return known->second;
}

void PageBuilder::append_cold(Entry& entry, const RawFile& file) {
  const auto append = [this](const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    cold_.insert(cold_.end(), bytes, bytes + size);
  };
  entry.cold_at = static_cast<std::uint32_t>(cold_.size());
  if (file.sha256 != nullptr) {
    append(file.sha256->data(), layout::kDigest);
    entry.size |= layout::kHasDigest << 48;
  }
  if (file.metadata_sha256 != nullptr) {
    append(file.metadata_sha256->data(), layout::kDigest);
    entry.size |= layout::kHasMetadataDigest << 48;
  }
  const std::size_t url_at = cold_.size();
  const std::string_view plain = file.url.substr(0, file.url.find('#'));
  const std::size_t slash = plain.rfind('/');
  const bool simple = slash != std::string_view::npos &&
                      plain.find('?') == std::string_view::npos &&
                      plain.substr(slash + 1) == file.filename;
  if (simple) {
    // Links of one page mostly share their directory, or are whole URLs: join that part once.
    const std::string_view directory = plain.substr(0, slash + 1);
    if (directory != directory_reference_ || directory_.empty()) {
      directory_reference_ = directory;
      directory_ = join_url(page_url_, directory);
    }
    append(directory_.data(), directory_.size());
    append(file.filename.data(), file.filename.size());
  } else {
    const std::string url = join_url(page_url_, plain);
    append(url.data(), url.size());
    if (!url.ends_with(file.filename)) {
      append(file.filename.data(), file.filename.size());
      entry.size |= layout::kNameApart << 48;
      entry.url_length = static_cast<std::uint16_t>(url.size());
    }
  }
  if (entry.url_length == 0) entry.url_length = static_cast<std::uint16_t>(cold_.size() - url_at);
  entry.name_length = static_cast<std::uint16_t>(file.filename.size());
}

bool PageBuilder::add(const RawFile& file) {
  if (file.filename.size() > 1024 || file.url.size() > 8192 || cold_.size() > kTextLimit ||
      page_url_.size() > 8192)
    return false;
  const auto split = split_filename(file.filename, name_.str());
  if (!split) return false;
  const auto slot = version_slot(split->version);
  if (!slot) return false;
  Entry entry;
  entry.slot = *slot;
  entry.size = std::min<std::uint64_t>(file.size, layout::kSizeMask);
  append_cold(entry, file);
  if (split->sdist) {
    entry.size |= layout::kSdist << 48;
  } else {
    entry.triple = triple_number(split->triple);
  }
  if (file.yanked) entry.size |= layout::kYanked << 48;
  if (file.core_metadata) entry.size |= layout::kCoreMetadata << 48;
  entry.size |= std::uint64_t{file.origin} << (48 + layout::kOriginShift);
  entry.requires_python = text_number(file.requires_python);
  entry.reason = text_number(file.yanked_reason);
  entry.upload_time =
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(file.upload_time, 0, UINT32_MAX));
  entries_.push_back(entry);
  return true;
}

PageBytes PageBuilder::finish() {
  // Versions ascending; spellings of one version become one, under the spelling that sorts first.
  std::vector<std::uint32_t> order(slots_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto compared = slots_[a].version <=> slots_[b].version;
    return compared != 0 ? compared < 0 : slots_[a].text < slots_[b].text;
  });
  std::vector<std::uint32_t> version_of_slot(slots_.size());
  std::vector<std::uint32_t> heads;  // slot of each version
  for (const std::uint32_t slot : order) {
    if (heads.empty() || slots_[heads.back()].version != slots_[slot].version)
      heads.push_back(slot);
    version_of_slot[slot] = static_cast<std::uint32_t>(heads.size() - 1);
  }
  // Files grouped by version, otherwise in the order of the page.
  std::vector<std::uint32_t> first(heads.size() + 1, 0);
  for (const Entry& entry : entries_) ++first[version_of_slot[entry.slot] + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> files(entries_.size());
  std::vector<std::uint32_t> next = first;
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    files[next[version_of_slot[entries_[i].slot]]++] = i;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spelled;
  for (const std::uint32_t slot : heads) {
    spelled.emplace_back(static_cast<std::uint32_t>(text_.size()),
                         static_cast<std::uint32_t>(slots_[slot].text.size()));
    text_ += slots_[slot].text;
  }

  const std::size_t strings_at =
      layout::kHeader + layout::kVersion * (heads.size() + 1) + layout::kFile * entries_.size();
  const std::size_t text_at = strings_at + layout::kString * (triples_.size() + texts_.size());
  const std::size_t total = text_at + text_.size();
  const auto u32 = [](std::size_t value) { return static_cast<std::uint32_t>(value); };
  Writer out(total);
  for (const std::size_t value :
       {std::size_t{layout::kMagic}, total, cold_.size(), heads.size(), entries_.size(),
        triples_.size() + texts_.size(), triples_.size(), strings_at, text_at, name_.str().size(),
        index_url_.size(), std::size_t{0}}) {
    out.put(u32(value));
  }
  for (std::size_t i = 0; i <= heads.size(); ++i) {
    const bool last = i == heads.size();
    out.put(last ? std::uint64_t{0} : slots_[heads[i]].version.key());
    out.put(last ? 0 : u32(slots_[heads[i]].version.release_size()));
    out.put(last ? 0 : u32(text_at + spelled[i].first));
    out.put(last ? 0 : spelled[i].second);
    out.put(first[i]);
  }
  for (const std::uint32_t number : files) {
    const Entry& entry = entries_[number];
    out.put(entry.cold_at);
    out.put(entry.url_length);
    out.put(entry.name_length);
    out.put(entry.triple);
    out.put(u32(triples_.size() + entry.requires_python));
    out.put(u32(triples_.size() + entry.reason));
    out.put(entry.upload_time);
    out.put(entry.size);
  }
  for (const auto* table : {&triples_, &texts_}) {
    for (const auto& [at, length] : *table) {
      out.put(u32(text_at + at));
      out.put(length);
    }
  }
  out.put(text_.data(), text_.size());
  return {.hot = out.take(), .cold = std::move(cold_)};
}

}  // namespace resolver::index

#include "prescriptions/compiled.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fmt/format.h"
#include "prescriptions/checksum.h"
#include "prescriptions/codec.h"

namespace prescriptions {
namespace {

constexpr std::string_view kMagic = "SESHRULE";
constexpr std::size_t kHeader = 128;
constexpr std::size_t kConditionRow = 32;
constexpr std::size_t kUnitRow = 32;
constexpr std::size_t kNameRow = 16;
// Of one record: more than any document that is read can hold.
constexpr std::size_t kMostItems = 1U << 20U;
constexpr std::size_t kMostText = 64U << 20U;

}  // namespace

namespace codec {

// Reads a record; after the first thing that cannot be, good() is false and all else is empty.
class Reader {
 public:
  static constexpr bool kReads = true;
  Reader(std::string_view blob, std::uint32_t offset) : blob_(blob), at_(offset) {
    good_ = offset <= blob.size();
  }

  void number(std::uint64_t& value) {
    value = leb();
    sum_.add(value);
  }
  void count(std::size_t& size) {
    std::uint64_t value = 0;
    number(value);
    if (value > kMostItems - items_) return give_up(size);
    items_ += value;
    size = good_ ? value : 0;
  }
  void text(std::string& value) {
    const std::uint64_t offset = leb();
    if (!good_ || blob_.size() < 4 || offset > blob_.size() - 4) return fail();
    const std::size_t size = Checksum::little_endian(blob_.substr(offset, 4), 4);
    if (size > blob_.size() - 4 - offset || size > kMostText - text_) return fail();
    text_ += size;
    value = blob_.substr(offset + 4, size);
    sum_.add(std::string_view(value));
  }
  void range(VersionRange& value) {
    std::uint64_t given = 0;
    number(given);
    if (given == 0) return;
    std::string specifiers;
    text(specifiers);
    auto parsed = VersionRange::parse(specifiers);
    if (!parsed) return fail();
    value = std::move(*parsed);
  }
  void version(pep::Version& value) {
    std::string written;
    text(written);
    auto parsed = pep::Version::try_parse(written);
    if (!parsed) return fail();
    value = std::move(*parsed);
  }
  void fail() { good_ = false; }
  bool good() const { return good_; }
  std::uint32_t checksum() const { return sum_.short_value(); }

 private:
  void give_up(std::size_t& size) {
    size = 0;
    fail();
  }
  std::uint64_t leb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (!good_ || at_ >= blob_.size()) break;
      const auto byte = static_cast<unsigned char>(blob_[at_++]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }

  std::string_view blob_;
  std::size_t at_ = 0;
  bool good_ = true;
  std::size_t items_ = 0;
  std::size_t text_ = 0;
  Checksum sum_;
};

}  // namespace codec

namespace {

using codec::Reader;

// Calls `use` with an empty body of type number `index`; false if there is no such type.
template <std::size_t I = 0, class Use>
bool with_body(std::size_t index, const Use& use) {
  if constexpr (I < kTypes) {
    if (index != I) return with_body<I + 1>(index, use);
    use(std::variant_alternative_t<I, Body>());
    return true;
  } else {
    return false;
  }
}

struct Mapping {
  void* begin = nullptr;
  std::size_t size = 0;
  ~Mapping() {
    if (begin != nullptr) munmap(begin, size);
  }
};

}  // namespace

bool CompiledRules::is_compiled(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::uint32_t CompiledRules::u32(std::size_t offset) const {
  if (!check(offset, 4)) return 0;
  return static_cast<std::uint32_t>(Checksum::little_endian(bytes_.substr(offset, 4), 4));
}

// Blocks are held against their checksums when something in them is first looked at: opening a
// large file costs nothing that way. Several threads may do the same twice.
bool CompiledRules::check(std::size_t offset, std::size_t size) const {
  if (checks_ == nullptr) return true;  // the header, while it is read
  if (offset < kHeader || offset + size > sums_) return false;
  const std::size_t last = (offset + size - 1 - kHeader) / kBlock;
  for (std::size_t block = (offset - kHeader) / kBlock; block <= last; ++block) {
    if (checks_->good[block].load(std::memory_order_relaxed)) continue;
    const std::size_t begin = kHeader + block * kBlock;
    const std::size_t length = std::min(kBlock, sums_ - begin);
    const std::size_t sum = sums_ + 4 * block;
    if (Checksum::of_block(bytes_.substr(begin, length)) !=
        Checksum::little_endian(bytes_.substr(sum, 4), 4)) {
      checks_->damaged.store(true, std::memory_order_relaxed);
      return false;
    }
    checks_->good[block].store(true, std::memory_order_relaxed);
  }
  return true;
}

std::optional<pep::Error> CompiledRules::damage() const {
  if (checks_ == nullptr || !checks_->damaged.load(std::memory_order_relaxed)) return std::nullopt;
  return damaged("a checksum is wrong");
}

pep::Error CompiledRules::damaged(std::string_view what) const {
  return pep::error(
      pep::Fault::kMalformed,
      fmt::format("the compiled prescriptions are damaged ({}); compile them again", what));
}

pep::Result<CompiledRules> CompiledRules::open(std::string_view bytes,
                                               std::shared_ptr<const void> owner) {
  CompiledRules made;
  made.bytes_ = bytes;
  made.owner_ = std::move(owner);
  if (bytes.size() < kHeader || !is_compiled(bytes))
    return pep::error(pep::Fault::kMalformed, "these are no compiled prescriptions");
  if (made.u32(8) != kFormat || made.u32(12) != kHeader) {
    return pep::error(
        pep::Fault::kMalformed,
        fmt::format("the prescriptions were compiled in format {}, this program reads "
                    "format {}; compile them again",
                    made.u32(8), kFormat));
  }
  if (Checksum::little_endian(bytes.substr(16, 8), 8) != bytes.size())
    return made.damaged("their size is not what it was");
  std::memcpy(made.digest_.data(), bytes.data() + 24, made.digest_.size());
  std::size_t row = 64;
  std::size_t end = kHeader;
  struct Part {
    Table& table;
    std::size_t row;
  };
  for (const Part& part : {Part{made.conditions_, kConditionRow}, Part{made.units_, kUnitRow},
                           Part{made.names_, kNameRow}, Part{made.postings_, 4},
                           Part{made.files_, 4}, Part{made.blob_, 1}}) {
    part.table = {made.u32(row), made.u32(row + 4)};
    row += 8;
    if (part.table.offset != end || part.table.count > (bytes.size() - end) / part.row)
      return made.damaged("a table is not where it should be");
    end += part.table.count * part.row;
  }
  const std::size_t blocks = (end - kHeader + kBlock - 1) / kBlock;
  if (bytes.size() - end != 4 * blocks) return made.damaged("there is more than the tables");
  made.rules_ = made.u32(112);
  Checksum sum;
  sum.add(bytes.substr(64, kHeader - 64));
  sum.add(Checksum::of_block(bytes.substr(end)));
  if (sum.value() != Checksum::little_endian(bytes.substr(56, 8), 8))
    return made.damaged("the checksum is wrong");
  made.sums_ = end;
  made.checks_ = std::make_shared<Checks>();
  made.checks_->good = std::make_unique<std::atomic<bool>[]>(blocks);
  return made;
}

pep::Result<CompiledRules> CompiledRules::open_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    const std::string why = file < 0 ? std::strerror(errno) : "this is no regular file";
    if (file >= 0) close(file);
    return pep::error(pep::Fault::kNotFound, fmt::format("cannot read {}: {}", path, why));
  }
  auto mapping = std::make_shared<Mapping>();
  mapping->size = static_cast<std::size_t>(status.st_size);
  if (mapping->size > 0) {
    void* begin = mmap(nullptr, mapping->size, PROT_READ, MAP_PRIVATE, file, 0);
    if (begin != MAP_FAILED) mapping->begin = begin;
  }
  close(file);
  if (mapping->begin == nullptr)
    return pep::error(pep::Fault::kMalformed, fmt::format("cannot map {}", path));
  const std::string_view bytes(static_cast<const char*>(mapping->begin), mapping->size);
  auto opened = open(bytes, std::move(mapping));
  if (!opened) {
    pep::Error error = std::move(opened).error();
    error.place = pep::Place{path, 0, 0};
    return error;
  }
  return opened;
}

std::string_view CompiledRules::text(std::uint32_t offset) const {
  const std::string_view blob = bytes_.substr(blob_.offset, blob_.count);
  if (blob.size() < 4 || offset > blob.size() - 4) return {};
  const std::size_t size = u32(blob_.offset + offset);
  if (size > 0 && size <= blob.size() - 4 - offset && !check(blob_.offset + offset + 4, size))
    return {};
  return size > blob.size() - 4 - offset ? std::string_view() : blob.substr(offset + 4, size);
}

CompiledRules::Row CompiledRules::row(std::uint32_t unit) const {
  if (unit >= units_.count) return {};
  const std::size_t at = units_.offset + unit * kUnitRow;
  if (!check(at, kUnitRow)) return {};
  const auto kind = std::min<unsigned>(static_cast<unsigned char>(bytes_[at]), kKinds - 1);
  return {.kind = static_cast<Kind>(kind),
          .flags = static_cast<std::uint8_t>(bytes_[at + 1]),
          .condition = u32(at + 4),
          .first_rule = u32(at + 20)};
}

std::string_view CompiledRules::qualified(std::uint32_t unit) const {
  return unit < units_.count ? text(u32(units_.offset + unit * kUnitRow + 8)) : std::string_view();
}

pep::Result<Unit> CompiledRules::unit(std::uint32_t number) const {
  if (number >= units_.count) return damaged("there is no such unit");
  const std::size_t at = units_.offset + number * kUnitRow;
  Reader reader(bytes_.substr(blob_.offset, blob_.count), u32(at + 12));
  Unit unit;
  reader.text(unit.name);
  std::uint64_t type = 0;
  reader.number(type);
  const bool known = with_body(type, [&](auto body) {
    codec::code(reader, body);
    unit.body = std::move(body);
  });
  if (!known || !reader.good() || reader.checksum() != u32(at + 16) ||
      kind_of(unit) != row(number).kind) {
    return damaged(fmt::format("unit {}", number));
  }
  unit.qualified = qualified(number);
  unit.origin.file = u32(at + 24);
  if (unit.origin.file >= files_.count) unit.origin.file = 0;
  unit.origin.line = static_cast<int>(u32(at + 28) >> 12);
  unit.origin.column = static_cast<int>(u32(at + 28) & 0xFFFU);
  return unit;
}

std::pair<std::uint32_t, std::uint32_t> CompiledRules::before(Kind kind,
                                                              std::string_view name) const {
  std::uint32_t begin = 0;
  std::uint32_t end = units_.count;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (std::pair(row(middle).kind, qualified(middle)) < std::pair(kind, name)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return {begin, begin < units_.count ? row(begin).first_rule : rules_};
}

std::optional<std::uint32_t> CompiledRules::find(Kind kind, std::string_view name) const {
  const std::uint32_t number = before(kind, name).first;
  if (number >= units_.count || row(number).kind != kind || qualified(number) != name)
    return std::nullopt;
  return number;
}

std::pair<std::uint32_t, std::uint32_t> CompiledRules::of_kind(Kind kind) const {
  const auto next = static_cast<unsigned>(kind) + 1;
  return {before(kind, "").first,
          next < kKinds ? before(static_cast<Kind>(next), "").first : units_.count};
}

CompiledRules::ConditionRow CompiledRules::condition_row(std::uint32_t condition) const {
  if (condition >= conditions_.count) return {};
  const std::size_t at = conditions_.offset + condition * kConditionRow;
  return {.units = u32(at + 8), .flags = u32(at + 12), .kinds = u32(at + 16)};
}

pep::Result<ShouldInclude> CompiledRules::condition(std::uint32_t condition) const {
  if (condition >= conditions_.count) return damaged("there is no such condition");
  const std::size_t at = conditions_.offset + condition * kConditionRow;
  Reader reader(bytes_.substr(blob_.offset, blob_.count), u32(at));
  ShouldInclude made;
  codec::code(reader, made);
  if (!reader.good() || reader.checksum() != u32(at + 4))
    return damaged(fmt::format("condition {}", condition));
  return made;
}

CompiledRules::Postings CompiledRules::postings(std::size_t row) const {
  const Postings found{u32(row), u32(row + 4)};
  if (found.begin > postings_.count || found.count > postings_.count - found.begin) return {};
  return found;
}

std::string_view CompiledRules::name_at(std::uint32_t number) const {
  return text(u32(names_.offset + number * kNameRow));
}

CompiledRules::Postings CompiledRules::naming(std::string_view package) const {
  std::uint32_t begin = 0;
  std::uint32_t end = names_.count;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (name_at(middle) < package) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == names_.count || name_at(begin) != package) return {};
  return postings(names_.offset + begin * kNameRow + 4);
}

CompiledRules::Postings CompiledRules::nameless(std::uint32_t condition) const {
  if (condition >= conditions_.count) return {};
  return postings(conditions_.offset + condition * kConditionRow + 20);
}

std::uint32_t CompiledRules::posting(std::uint32_t at) const {
  return at < postings_.count ? u32(postings_.offset + at * 4) : UINT32_MAX;
}

std::string_view CompiledRules::file(std::uint32_t number) const {
  return number < files_.count ? text(u32(files_.offset + number * 4)) : std::string_view();
}

}  // namespace prescriptions

#include "prescriptions/compile.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "prescriptions/checksum.h"
#include "prescriptions/codec.h"
#include "prescriptions/unit_facts.h"

namespace prescriptions {
namespace {

void put(std::string& into, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) into.push_back(static_cast<char>(number >> (8 * i)));
}
void put32(std::string& into, std::size_t number) { put(into, number, 4); }

// Texts and records, each text once.
class Blob {
 public:
  std::uint32_t text(std::string_view text) {
    if (slots_.size() < 2 * (used_ + 1)) grow();
    std::size_t slot = slot_of(text);
    if (slots_[slot] != 0) return slots_[slot] - 1;
    const auto offset = static_cast<std::uint32_t>(bytes_.size());
    put32(bytes_, text.size());
    bytes_ += text;
    slots_[slot] = offset + 1;
    ++used_;
    return offset;
  }
  std::uint32_t record(std::string_view bytes) {
    const auto offset = static_cast<std::uint32_t>(bytes_.size());
    bytes_ += bytes;
    return offset;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string_view at(std::uint32_t offset) const {
    const std::string_view all = bytes_;
    return all.substr(offset + 4, Checksum::little_endian(all.substr(offset, 4), 4));
  }
  std::size_t slot_of(std::string_view text) const {
    std::size_t slot = std::hash<std::string_view>()(text) & (slots_.size() - 1);
    while (slots_[slot] != 0 && at(slots_[slot] - 1) != text)
      slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }
  void grow() {
    std::vector<std::uint32_t> old(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
    old.swap(slots_);
    for (std::uint32_t entry : old) {
      if (entry != 0) slots_[slot_of(at(entry - 1))] = entry;
    }
  }

  std::string bytes_;
  std::vector<std::uint32_t> slots_;  // offset + 1; 0: free
  std::size_t used_ = 0;
};

}  // namespace

namespace codec {

class Writer {
 public:
  static constexpr bool kReads = false;
  explicit Writer(Blob& blob) : blob_(blob) {}

  void number(std::uint64_t value) {
    sum_.add(value);
    leb(value);
  }
  void count(std::size_t size) { number(size); }
  void text(std::string_view value) {
    sum_.add(value);
    leb(blob_.text(value));
  }
  void range(const VersionRange& value) {
    number(value.given() ? 1 : 0);
    if (value.given()) text(value.text());
  }
  void version(const pep::Version& value) { text(value.str()); }
  void fail() {}
  bool good() const { return true; }

  const std::string& bytes() const { return bytes_; }
  std::uint32_t checksum() const { return sum_.short_value(); }

 private:
  void leb(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }

  Blob& blob_;
  std::string bytes_;
  Checksum sum_;
};

}  // namespace codec

namespace {

using codec::Writer;

struct Record {
  std::uint32_t offset = 0;
  std::uint32_t checksum = 0;
};

class Compiler {
 public:
  explicit Compiler(const Rulebook& book) : book_(book) {}

  std::string run(const InputDigest& digest) {
    sort();
    for (std::uint32_t number = 0; number < order_.size(); ++number) add(*order_[number], number);
    return file(digest);
  }

 private:
  struct Condition {
    Record record;
    std::uint32_t units = 0, flags = 0, kinds = 0;
    std::vector<std::uint32_t> nameless;
  };

  void sort() {
    order_.reserve(book_.units.size());
    for (const Unit& unit : book_.units) order_.push_back(&unit);
    std::ranges::stable_sort(order_, [](const Unit* a, const Unit* b) {
      return std::pair(kind_of(*a), std::string_view(a->qualified)) <
             std::pair(kind_of(*b), std::string_view(b->qualified));
    });
  }

  Condition& condition_of(const Unit& unit, std::uint32_t& number) {
    const auto known = by_condition_.find(unit.should_include.get());
    if (known != by_condition_.end()) {
      number = known->second;
      return conditions_[number];
    }
    Writer writer(blob_);
    ShouldInclude copy = *unit.should_include;
    codec::code(writer, copy);
    auto [place, fresh] =
        by_record_.try_emplace(writer.bytes(), static_cast<std::uint32_t>(conditions_.size()));
    if (fresh) {
      Condition added{.record = {blob_.record(writer.bytes()), writer.checksum()}};
      if (copy.has_dependencies()) added.flags |= CompiledRules::kDepends;
      conditions_.push_back(std::move(added));
    }
    number = place->second;
    by_condition_.emplace(unit.should_include.get(), number);
    return conditions_[number];
  }

  void add(const Unit& unit, std::uint32_t number) {
    std::uint32_t condition_number = 0;
    Condition& condition = condition_of(unit, condition_number);
    const Kind kind = kind_of(unit);
    std::uint8_t flags = 0;
    if (can_score(unit)) flags |= CompiledRules::kScores;
    if (edits_packages(unit)) flags |= CompiledRules::kEdits;
    ++condition.units;
    condition.flags |= flags;
    condition.kinds |= 1U << static_cast<unsigned>(kind);
    for_each_name(unit, [&](std::string_view name) {
      auto& numbers =
          name.empty() ? condition.nameless : names_.try_emplace(std::string(name)).first->second;
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    });
    Writer writer(blob_);
    std::string name = unit.name;
    writer.text(name);
    writer.number(unit.body.index());
    std::visit(
        [&](const auto& body) {
          auto copy = body;
          codec::code(writer, copy);
        },
        unit.body);
    const std::uint32_t record = blob_.record(writer.bytes());
    put(units_, static_cast<std::uint64_t>(kind), 1);
    put(units_, flags, 1);
    put(units_, 0, 2);
    put32(units_, condition_number);
    put32(units_, blob_.text(unit.qualified));
    put32(units_, record);
    put32(units_, writer.checksum());
    put32(units_, rules_);
    put32(units_, file_of(unit));
    const auto line = static_cast<std::uint32_t>(std::clamp(unit.origin.line, 0, 0xFFFFF));
    const auto column = static_cast<std::uint32_t>(std::clamp(unit.origin.column, 0, 0xFFF));
    put32(units_, (line << 12) | column);
    rules_ += rule_count_of(unit);
  }

  std::uint32_t file_of(const Unit& unit) {
    const std::string& path = book_.files[unit.origin.file];
    auto [place, fresh] =
        file_numbers_.try_emplace(path, static_cast<std::uint32_t>(file_numbers_.size()));
    if (fresh) put32(files_, blob_.text(path));
    return place->second;
  }

  std::string file(const InputDigest& digest) {
    std::string conditions;
    std::string postings;
    std::size_t posting_count = 0;
    const auto add_postings = [&](std::string& row, const std::vector<std::uint32_t>& numbers) {
      put32(row, posting_count);
      put32(row, numbers.size());
      for (std::uint32_t number : numbers) put32(postings, number);
      posting_count += numbers.size();
    };
    for (const Condition& condition : conditions_) {
      put32(conditions, condition.record.offset);
      put32(conditions, condition.record.checksum);
      put32(conditions, condition.units);
      put32(conditions, condition.flags);
      put32(conditions, condition.kinds);
      add_postings(conditions, condition.nameless);
      put32(conditions, 0);
    }
    std::string names;
    for (const auto& [name, numbers] : names_) {
      put32(names, blob_.text(name));
      add_postings(names, numbers);
      put32(names, 0);
    }
    constexpr std::size_t kHeader = 128;
    std::string tables;
    std::string places;
    const auto add_table = [&](const std::string& table, std::size_t count) {
      put32(places, kHeader + tables.size());
      put32(places, count);
      tables += table;
    };
    add_table(conditions, conditions_.size());
    add_table(units_, order_.size());
    add_table(names, names_.size());
    add_table(postings, posting_count);
    add_table(files_, file_numbers_.size());
    put32(places, kHeader + tables.size());
    put32(places, blob_.bytes().size());
    std::string made = "SESHRULE";
    put32(made, CompiledRules::kFormat);
    put32(made, kHeader);
    const std::size_t end = kHeader + tables.size() + blob_.bytes().size();
    constexpr std::size_t kBlock = CompiledRules::kBlock;
    put(made, end + 4 * ((end - kHeader + kBlock - 1) / kBlock), 8);
    made.append(digest.begin(), digest.end());
    put(made, 0, 8);  // the checksum of checksums, as soon as it is known
    made += places;
    put32(made, rules_);
    made.resize(kHeader, '\0');
    made += tables;
    made += blob_.bytes();
    std::string sums;
    const std::string_view view = made;
    for (std::size_t at = kHeader; at < end; at += kBlock)
      put32(sums, Checksum::of_block(view.substr(at, kBlock)));
    Checksum sum;
    sum.add(view.substr(64, kHeader - 64));
    sum.add(Checksum::of_block(sums));
    std::string value;
    put(value, sum.value(), 8);
    made.replace(56, 8, value);
    return made += sums;
  }

  const Rulebook& book_;
  std::vector<const Unit*> order_;
  Blob blob_;
  std::vector<Condition> conditions_;
  std::unordered_map<const ShouldInclude*, std::uint32_t> by_condition_;
  std::map<std::string, std::uint32_t> by_record_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> names_;
  std::unordered_map<std::string, std::uint32_t> file_numbers_;
  std::string units_, files_;
  std::uint32_t rules_ = 0;
};

}  // namespace

std::string compile(const Rulebook& book, const InputDigest& digest) {
  return Compiler(book).run(digest);
}

}  // namespace prescriptions

// Any bytes as compiled prescriptions. Size and checksum of the tables are put right, so that what
// lies behind them is reached: every unit, condition and name is decoded or refused.
#include "prescriptions/checksum.h"
#include "prescriptions/compiled.h"
#include "tests/fuzz/fuzz.h"

namespace {

void put(std::string& bytes, std::size_t at, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<char>(number >> (8 * i));
}

std::uint32_t at32(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(
      prescriptions::Checksum::little_endian(std::string_view(bytes).substr(at, 4), 4));
}

void visit(const prescriptions::CompiledRules& rules) {
  using prescriptions::Kind;
  const std::uint32_t units = std::min<std::uint32_t>(rules.unit_count(), 1000);
  for (std::uint32_t i = 0; i < units; ++i) {
    (void)rules.unit(i);
    (void)rules.find(rules.row(i).kind, rules.qualified(i));
  }
  const std::uint32_t conditions = std::min<std::uint32_t>(rules.condition_count(), 1000);
  for (std::uint32_t i = 0; i < conditions; ++i) {
    (void)rules.condition(i);
    const auto postings = rules.nameless(i);
    for (std::uint32_t k = 0; k < std::min(postings.count, 100U); ++k)
      (void)rules.posting(postings.begin + k);
  }
  for (const char* name : {"a", "numpy", "pillow", ""}) {
    const auto postings = rules.naming(name);
    for (std::uint32_t k = 0; k < std::min(postings.count, 100U); ++k)
      (void)rules.posting(postings.begin + k);
  }
  (void)rules.of_kind(Kind::kPseudonym);
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(rules.file_count(), 100); ++i)
    (void)rules.file(i);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(fuzz::text_of(data, size));
  if (auto as_given = prescriptions::CompiledRules::open(bytes)) visit(*as_given);
  if (bytes.size() < 128) return 0;
  put(bytes, 16, bytes.size());
  const std::uint32_t blob = at32(bytes, 104);
  if (blob >= 128 && blob <= bytes.size()) {
    prescriptions::Checksum sum;
    sum.add(std::string_view(bytes).substr(64, 48));
    sum.add(std::string_view(bytes).substr(128, blob - 128));
    put(bytes, 56, sum.value());
  }
  if (auto mended = prescriptions::CompiledRules::open(bytes)) visit(*mended);
  return 0;
}

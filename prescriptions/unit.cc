// The names of kinds, types and values, as they are written in documents.
#include "prescriptions/unit.h"

#include <array>

namespace prescriptions {
namespace {

// In the order of Body's alternatives.
constexpr std::array<const char*, kTypes> kTypeNames = {"boot",
                                                        "pseudonym",
                                                        "sieve",
                                                        "sieve.SkipPackage",
                                                        "step",
                                                        "step.SkipPackage",
                                                        "step.AddPackage",
                                                        "step.Group",
                                                        "stride",
                                                        "wrap",
                                                        "wrap.GHReleaseNotes"};
constexpr std::array<Kind, kTypes> kTypeKinds = {
    Kind::kBoot, Kind::kPseudonym, Kind::kSieve,  Kind::kSieve, Kind::kStep, Kind::kStep,
    Kind::kStep, Kind::kStep,      Kind::kStride, Kind::kWrap,  Kind::kWrap};

template <class Enum, std::size_t N>
const char* at(const std::array<const char*, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace

Kind kind_of(const Unit& unit) { return kTypeKinds[unit.body.index()]; }
const char* type_name_of(const Body& body) { return kTypeNames[body.index()]; }

const char* name_of(Severity severity) {
  return at(std::array<const char*, 3>{"INFO", "WARNING", "ERROR"}, severity);
}
const char* name_of(RecommendationType type) {
  return at(std::array<const char*, 5>{"latest", "stable", "testing", "performance", "security"},
            type);
}
const char* name_of(DecisionType type) {
  return at(std::array<const char*, 2>{"all", "random"}, type);
}
const char* name_of(CpuFlag flag) { return at(std::array<const char*, 2>{"avx2", "avx512"}, flag); }
const char* name_of(Kind kind) {
  return at(std::array<const char*, kKinds>{"boot", "pseudonym", "sieve", "step", "stride", "wrap"},
            kind);
}
const char* plural_name_of(Kind kind) {
  return at(
      std::array<const char*, kKinds>{"boots", "pseudonyms", "sieves", "steps", "strides", "wraps"},
      kind);
}

}  // namespace prescriptions

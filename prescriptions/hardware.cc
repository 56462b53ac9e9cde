// The kernel's flags where we have them; else what is known of a family and model.
#include "prescriptions/hardware.h"

#include <algorithm>
#include <array>

namespace prescriptions {
namespace {

template <std::size_t N>
bool has(const std::array<int, N>& models, std::int64_t model) {
  return std::ranges::find(models, model) != models.end();
}

// Intel, family 6. From Intel's list of processor signatures.
constexpr std::array kAvx2Models = {
    0x3C, 0x3F, 0x45, 0x46,        // Haswell
    0x3D, 0x47, 0x4F, 0x56,        // Broadwell
    0x4E, 0x5E, 0x55, 0x8E, 0x9E,  // Skylake, Kaby Lake, Coffee Lake, Skylake-SP
    0xA5, 0xA6, 0x66, 0x6A, 0x6C,
    0x7D,  // Comet Lake, Cannon Lake, Ice Lake
    0x7E, 0x8C, 0x8D, 0xA7, 0x57,
    0x85,  // Ice Lake, Tiger Lake, Rocket Lake, Knights Landing, Knights Mill
    0x97, 0x9A, 0xB7, 0xBA, 0xBF,
    0xBE,  // Alder Lake, Raptor Lake
    0x8F, 0xCF, 0xAD, 0xAE, 0xAF,
    0xB6,  // Sapphire, Emerald and Granite Rapids, Sierra Forest, Grand Ridge
    0xAA, 0xAC, 0xBD, 0xC5, 0xC6};  // Meteor, Lunar and Arrow Lake
constexpr std::array kAvx512Models = {0x55, 0x57, 0x85, 0x66, 0x6A, 0x6C, 0x7D, 0x7E,
                                      0x8C, 0x8D, 0xA7, 0x8F, 0xCF, 0xAD, 0xAE};
// Thoth's own data know a model by its low four bits only; no processor with a family of 6 and a
// model below 16 has either flag, so such a model can be nothing else.
constexpr std::array kAvx2LowBits = {0x5, 0x6, 0x7, 0xC, 0xD, 0xE, 0xF};
constexpr std::array kAvx512LowBits = {0x5, 0x6, 0x7, 0xA, 0xC, 0xD, 0xE};

}  // namespace

std::optional<bool> has_flag(const Situation& situation, CpuFlag flag) {
  if (situation.cpu_flags) {
    const std::string_view name = flag == CpuFlag::kAvx2 ? "avx2" : "avx512f";
    return std::ranges::find(*situation.cpu_flags, name) != situation.cpu_flags->end();
  }
  if (!situation.cpu_family || !situation.cpu_model) return std::nullopt;
  const std::int64_t model = *situation.cpu_model;
  if (*situation.cpu_family == 6) {
    if (model < 16)
      return flag == CpuFlag::kAvx2 ? has(kAvx2LowBits, model) : has(kAvx512LowBits, model);
    return flag == CpuFlag::kAvx2 ? has(kAvx2Models, model) : has(kAvx512Models, model);
  }
  // AMD: Excavator (0x15, from 0x60) and all Zen have AVX2; Zen 4 and 5 have AVX-512.
  constexpr std::int64_t kBulldozer = 0x15, kZen = 0x17, kZen3 = 0x19, kZen5 = 0x1A;
  const std::int64_t family = *situation.cpu_family;
  if (flag == CpuFlag::kAvx2) return family >= kZen || (family == kBulldozer && model >= 0x60);
  const bool is_zen4 =
      family == kZen3 && ((model >= 0x10 && model <= 0x1F) || (model >= 0x60 && model <= 0x7F) ||
                          (model >= 0xA0 && model <= 0xAF));
  return is_zen4 || family >= kZen5;
}

}  // namespace prescriptions

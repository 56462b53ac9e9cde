// Ranking wheel tags, and the tags that a platform and an interpreter accept.
#include "pep/tag.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "pep/ascii.h"

namespace pep {

namespace {

constexpr std::size_t kLongestTriple =
    512;  // the longest on a public index has some 200 characters

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : word) {
    hash = (hash ^ static_cast<unsigned char>(to_lower(c))) * 0x100000001B3U;
  }
  return hash;
}

std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::uint64_t pack(std::uint32_t interpreter, std::uint32_t abi, std::uint32_t platform) {
  return std::uint64_t{interpreter} << 42 | std::uint64_t{abi} << 21 | platform;
}

struct Libc {
  int major = 0;
  int minor = 0;
  std::string_view machine;
};

// "2_17_x86_64" to its parts.
std::optional<Libc> read_libc(std::string_view text) {
  Libc libc;
  for (int* number : {&libc.major, &libc.minor}) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (fault != std::errc() || end == text.data() + text.size() || *end != '_')
      return std::nullopt;
    if (*number < 0 || *number > 999) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  if (text.empty()) return std::nullopt;
  libc.machine = text;
  return libc;
}

struct Legacy {
  std::string_view name;
  int minor;
};
constexpr Legacy kLegacy[] = {{"manylinux1", 5}, {"manylinux2010", 12}, {"manylinux2014", 17}};

std::optional<Libc> read_manylinux(std::string_view platform) {
  if (platform.starts_with("manylinux_")) return read_libc(platform.substr(10));
  for (const Legacy& legacy : kLegacy) {
    const std::size_t size = legacy.name.size();
    if (platform.starts_with(legacy.name) && platform.size() > size + 1 && platform[size] == '_') {
      return Libc{2, legacy.minor, platform.substr(size + 1)};
    }
  }
  return std::nullopt;
}

void append_manylinux(std::vector<std::string>& tags, int major, int from, int to,
                      std::string_view machine) {
  for (int minor = from; minor >= to; --minor) {
    tags.push_back(fmt::format("manylinux_{}_{}_{}", major, minor, machine));
    for (const Legacy& legacy : kLegacy) {
      if (major == 2 && minor == legacy.minor) {
        tags.push_back(fmt::format("{}_{}", legacy.name, machine));
      }
    }
  }
}

// A 32-bit Python on a 64-bit ARM takes what its older instruction set takes.
std::vector<std::string_view> machines_of(std::string_view machine) {
  if (machine == "armv8l") return {"armv8l", "armv7l"};
  return {machine};
}

}  // namespace

std::vector<TagSet::Vocabulary::Word>::const_iterator TagSet::Vocabulary::first_not_before(
    std::uint64_t hash) const {
  return std::lower_bound(words_.begin(), words_.end(), hash,
                          [](const Word& word, std::uint64_t h) { return word.hash < h; });
}

std::uint32_t TagSet::Vocabulary::add(const std::string& word) {
  if (const std::uint32_t known = find(word); known != kUnknown) return known;
  const std::uint64_t hash = hash_of(word);
  const auto number = static_cast<std::uint32_t>(words_.size());
  words_.insert(first_not_before(hash), Word{.hash = hash, .text = word, .number = number});
  return number;
}

std::uint32_t TagSet::Vocabulary::find(std::string_view word) const {
  const std::uint64_t hash = hash_of(word);
  for (auto at = first_not_before(hash); at != words_.end() && at->hash == hash; ++at) {
    if (equal_ignoring_case(at->text, word)) return at->number;
  }
  return kUnknown;
}

TagSet::TagSet(std::vector<Tag> best_first) : tags_(std::move(best_first)) {
  ranks_.reserve(tags_.size());
  std::uint32_t rank = 0;
  for (const Tag& tag : tags_) {
    // emplace keeps the best rank of a tag that is listed twice.
    ranks_.emplace(
        pack(interpreters_.add(tag.interpreter), abis_.add(tag.abi), platforms_.add(tag.platform)),
        rank++);
  }
}

std::optional<std::uint32_t> TagSet::rank(std::string_view triple) const {
  if (triple.size() > kLongestTriple) return std::nullopt;
  std::string_view platforms = triple;
  const std::string_view interpreters = take_until(platforms, '-');
  const std::string_view abis = take_until(platforms, '-');
  std::uint32_t best = UINT32_MAX;
  // Platforms first: they are what most wheels fail on.
  while (!platforms.empty()) {
    const std::uint32_t platform = platforms_.find(take_until(platforms, '.'));
    if (platform == Vocabulary::kUnknown) continue;
    for (std::string_view abi_rest = abis; !abi_rest.empty();) {
      const std::uint32_t abi = abis_.find(take_until(abi_rest, '.'));
      if (abi == Vocabulary::kUnknown) continue;
      for (std::string_view rest = interpreters; !rest.empty();) {
        const std::uint32_t interpreter = interpreters_.find(take_until(rest, '.'));
        if (interpreter == Vocabulary::kUnknown) continue;
        const auto found = ranks_.find(pack(interpreter, abi, platform));
        if (found != ranks_.end()) best = std::min(best, found->second);
      }
    }
  }
  return best == UINT32_MAX ? std::nullopt : std::optional(best);
}

std::vector<std::string> expand_platform(std::string_view platform) {
  const bool musl = platform.starts_with("musllinux_");
  const auto libc = musl ? read_libc(platform.substr(10)) : read_manylinux(platform);
  if (!libc) return {std::string(platform)};
  std::vector<std::string> tags;
  const auto machines = machines_of(libc->machine);
  for (const auto machine : machines) {
    if (musl) {
      for (int minor = libc->minor; minor >= 0; --minor) {
        tags.push_back(fmt::format("musllinux_{}_{}_{}", libc->major, minor, machine));
      }
      continue;
    }
    constexpr int kLastMinor = 50;  // of a major version that has a successor: unknown, so generous
    const bool intel = libc->machine == "x86_64" || libc->machine == "i686";
    for (int major = libc->major; major >= 2; --major) {
      append_manylinux(tags, major, major == libc->major ? libc->minor : kLastMinor,
                       major > 2 ? 0
                       : intel   ? 5
                                 : 17,
                       machine);
    }
  }
  for (const auto machine : machines) tags.push_back(fmt::format("linux_{}", machine));
  return tags;
}

TagSet cpython_tags(int major, int minor, std::string_view abi,
                    const std::vector<std::string>& platforms) {
  std::vector<Tag> tags;
  const auto add = [&](const std::string& interpreter, std::string_view tag_abi) {
    for (const std::string& platform : platforms) {
      tags.push_back({interpreter, std::string(tag_abi), platform});
    }
  };
  const std::string interpreter = fmt::format("cp{}{}", major, minor);
  const std::string_view flags = abi.substr(std::min(interpreter.size(), abi.size()));
  const std::string_view stable = flags.find('t') != std::string_view::npos ? "abi3t" : "abi3";
  const bool has_stable = major == 3 && minor >= 2;  // PEP 384

  if (!abi.empty() && abi != "none" && abi != stable) add(interpreter, abi);
  // A debug build loads extensions of the normal one (3.8 and later).
  if (major == 3 && minor >= 8 && flags.ends_with('d'))
    add(interpreter, abi.substr(0, abi.size() - 1));
  if (has_stable) add(interpreter, stable);
  add(interpreter, "none");
  for (int older = minor - 1; has_stable && older >= 2; --older) {
    add(fmt::format("cp{}{}", major, older), stable);
  }

  std::vector<std::string> pythons = {fmt::format("py{}{}", major, minor),
                                      fmt::format("py{}", major)};
  for (int older = minor - 1; older >= 0; --older)
    pythons.push_back(fmt::format("py{}{}", major, older));
  for (const std::string& python : pythons) add(python, "none");
  tags.push_back({interpreter, "none", "any"});
  for (const std::string& python : pythons) tags.push_back({python, "none", "any"});
  return TagSet(std::move(tags));
}

}  // namespace pep

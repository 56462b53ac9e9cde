// The two representations of a version behind one value type.
#include "pep/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "pep/version_fields.h"

namespace pep {

namespace {

std::size_t mix(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0x9E3779B97F4A7C15U;
  return static_cast<std::size_t>(value ^ (value >> 29));
}

}  // namespace

struct Version::Parts {
  mutable std::atomic<std::uint32_t> owners{1};
  Fields fields;      // its `local` points into the next member
  std::string local;  // normalised
};

Version::Version(std::uint64_t key, const Fields& fields) : key_(key), rest_{} {
  if (key != 0) {
    rest_.shape = {static_cast<std::uint32_t>(fields.release_size), flags_of(fields)};
    return;
  }
  auto* parts = new Parts{.owners = {1}, .fields = fields, .local = normalize_local(fields.local)};
  parts->fields.local = parts->local;
  rest_.parts = parts;
}

std::uint32_t Version::flags_of(const Fields& fields) {
  return (fields.is_prerelease() ? kPrerelease : 0U) | (fields.post.present ? kPostrelease : 0U) |
         (fields.dev.present ? kDevrelease : 0U) | (fields.local.empty() ? 0U : kLocal);
}

void Version::retain() const noexcept {
  rest_.parts->owners.fetch_add(1, std::memory_order_relaxed);
}

void Version::release_parts() const noexcept {
  if (rest_.parts->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete rest_.parts;
}

std::optional<Version> Version::try_parse(std::string_view text) {
  Fields fields;
  if (!fields.scan(text)) return std::nullopt;
  return Version(fields.pack(), fields);
}

Result<Version> Version::parse(std::string_view text) {
  if (auto version = try_parse(text)) return *std::move(version);
  return pep::error(Fault::kMalformed,
                    fmt::format("'{}' is no version as PEP 440 defines it", text.substr(0, 80)));
}

Version Version::from_key(std::uint64_t key, std::size_t release_size) {
  constexpr std::size_t kMostParts = 1024;  // as many as a text that is read may have
  Fields fields;
  fields.unpack(key, std::min(release_size, kMostParts));
  return Version(key, fields);
}

Version Version::from_store(std::uint64_t key, std::string_view text) {
  if (key == 0) return try_parse(text).value_or(Version());
  std::size_t release_size = 1;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && text[i + 1] >= '0' && text[i + 1] <= '9') {
      ++release_size;
    } else if (c < '0' || c > '9') {
      break;
    }
  }
  return from_key(key, release_size);
}

void Version::read(Fields& fields) const {
  if (key_ != 0) {
    fields.unpack(key_, rest_.shape.release_size);
  } else {
    fields = rest_.parts->fields;
  }
}

std::string Version::str() const {
  Fields fields;
  read(fields);
  return fields.str();
}

std::string Version::public_str() const {
  Fields fields;
  read(fields);
  fields.local = {};
  return fields.str();
}

std::string Version::base_str() const {
  Fields fields;
  read(fields);
  fields.local = {};
  fields.pre = 0;
  fields.post = fields.dev = {};
  return fields.str();
}

std::string Version::local() const { return key_ != 0 ? std::string() : rest_.parts->local; }

std::uint32_t Version::exact_flags() const { return flags_of(rest_.parts->fields); }

std::uint64_t Version::epoch() const { return key_ != 0 ? 0 : rest_.parts->fields.epoch; }

std::uint64_t Version::release(std::size_t part) const {
  Fields fields;
  read(fields);
  return part < fields.release_size ? fields.release()[part] : 0;
}

std::size_t Version::release_size() const {
  return key_ != 0 ? rest_.shape.release_size : rest_.parts->fields.release_size;
}

std::strong_ordering Version::compare_exactly(const Version& a, const Version& b) {
  Fields left;
  Fields right;
  if (a.key_ != 0) left.unpack(a.key_, 1);
  if (b.key_ != 0) right.unpack(b.key_, 1);
  return compare(a.key_ != 0 ? left : a.rest_.parts->fields,
                 b.key_ != 0 ? right : b.rest_.parts->fields);
}

std::size_t Version::hash() const {
  if (key_ != 0) return mix(key_);
  const Fields& fields = rest_.parts->fields;
  std::size_t sum = mix(fields.epoch + 1);
  for (std::size_t i = 0; i < fields.trimmed_size(); ++i) sum = mix(sum ^ fields.release()[i]);
  sum = mix(sum ^ (static_cast<std::uint64_t>(fields.pre) << 56) ^ fields.pre_number);
  sum = mix(sum ^ (fields.post.number * 2 + (fields.post.present ? 1 : 0)));
  sum = mix(sum ^ (fields.dev.number * 2 + (fields.dev.present ? 1 : 0)));
  return sum ^ std::hash<std::string_view>()(fields.local);
}

}  // namespace pep

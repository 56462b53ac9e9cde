// The zip end of wheels.
#include "resolver/index/wheel.h"

#include <zlib.h>

#include <algorithm>
#include <optional>

namespace resolver::index {
namespace {

constexpr std::size_t kEndRecord = 22;
constexpr std::size_t kCentralHeader = 46;
constexpr std::size_t kLocalHeader = 30;
constexpr std::uint64_t kMetadataLimit = std::uint64_t{16} << 20;
constexpr std::uint64_t kLocalExtraSlack = 1024;

std::uint32_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]) |
                                    static_cast<unsigned char>(bytes[at + 1]) << 8);
}

std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return u16(bytes, at) | u16(bytes, at + 2) << 16;
}

pep::Error malformed(std::string what) {
  return pep::error(pep::Fault::kMalformed, std::move(what));
}

// The end record, searched from the end because a comment may follow it.
std::optional<std::size_t> find_end_record(std::string_view bytes) {
  if (bytes.size() < kEndRecord) return std::nullopt;
  const std::size_t lowest = bytes.size() - std::min<std::size_t>(bytes.size(), kEndRecord + 65535);
  for (std::size_t at = bytes.size() - kEndRecord + 1; at-- > lowest;) {
    if (bytes.substr(at, 4) == std::string_view("PK\5\6", 4) &&
        at + kEndRecord + u16(bytes, at + 20) == bytes.size()) {
      return at;
    }
  }
  return std::nullopt;
}

// "demo_pkg-1.0.dist-info/METADATA" for the project demo-pkg.
bool is_metadata_of(std::string_view path, const pep::Name& project) {
  constexpr std::string_view kEnd = ".dist-info/METADATA";
  if (!path.ends_with(kEnd)) return false;
  path.remove_suffix(kEnd.size());
  if (path.find('/') != std::string_view::npos) return false;
  const std::size_t dash = path.find('-');
  return dash != std::string_view::npos && pep::Name::of(path.substr(0, dash)) == project;
}

}  // namespace

pep::Result<std::variant<ZipMember, NeedFrom>> locate_metadata(const Piece& tail,
                                                               const pep::Name& project) {
  using Answer = std::variant<ZipMember, NeedFrom>;
  const std::string_view bytes = tail.bytes;
  const auto end_record = find_end_record(bytes);
  if (!end_record) return malformed("the wheel is no zip archive: it has no end record");
  const std::uint32_t entries = u16(bytes, *end_record + 10);
  const std::uint64_t size = u32(bytes, *end_record + 12);
  const std::uint64_t offset = u32(bytes, *end_record + 16);
  if (entries == 0xFFFF || size == 0xFFFFFFFF || offset == 0xFFFFFFFF) {
    return malformed("the wheel is a zip64 archive, whose directory is not read");
  }
  const std::uint64_t end_at = tail.offset + *end_record;
  if (offset + size > end_at)
    return malformed("the wheel's zip directory lies outside of the file");
  if (offset < tail.offset) return Answer(NeedFrom{offset});
  const std::string_view directory = bytes.substr(offset - tail.offset, size);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < entries; ++i) {
    if (at + kCentralHeader > directory.size() ||
        directory.substr(at, 4) != std::string_view("PK\1\2", 4)) {
      return malformed("the wheel's zip directory is damaged");
    }
    const std::size_t name_length = u16(directory, at + 28);
    const std::size_t length =
        kCentralHeader + name_length + u16(directory, at + 30) + u16(directory, at + 32);
    if (at + length > directory.size()) return malformed("the wheel's zip directory is damaged");
    if (is_metadata_of(directory.substr(at + kCentralHeader, name_length), project)) {
      ZipMember member{.header_offset = u32(directory, at + 42),
                       .compressed_size = u32(directory, at + 20),
                       .size = u32(directory, at + 24),
                       .end = 0,
                       .crc32 = u32(directory, at + 16),
                       .method = static_cast<std::uint16_t>(u16(directory, at + 10))};
      if ((u16(directory, at + 8) & 1) != 0) return malformed("the wheel's METADATA is encrypted");
      if (member.size > kMetadataLimit || member.compressed_size > kMetadataLimit) {
        return malformed("the wheel's METADATA is larger than 16 MiB");
      }
      if (member.header_offset + kLocalHeader + name_length + member.compressed_size > offset) {
        return malformed("the wheel's METADATA lies outside of the file");
      }
      member.end = std::min(offset, member.header_offset + kLocalHeader + name_length +
                                        kLocalExtraSlack + member.compressed_size);
      return Answer(member);
    }
    at += length;
  }
  return pep::error(pep::Fault::kNotFound, "the wheel holds no METADATA of " + project.str());
}

pep::Result<std::string> extract_member(const Piece& piece, const ZipMember& member) {
  if (member.header_offset < piece.offset || member.header_offset + kLocalHeader > piece.end()) {
    return malformed("the wheel's METADATA was not received");
  }
  const std::string_view bytes = piece.bytes.substr(member.header_offset - piece.offset);
  if (bytes.substr(0, 4) != std::string_view("PK\3\4", 4))
    return malformed("the wheel's METADATA has no zip header");
  const std::uint64_t data_at = kLocalHeader + u16(bytes, 26) + u16(bytes, 28);
  if (data_at + member.compressed_size > bytes.size()) {
    return malformed("the wheel's METADATA is cut short");
  }
  const std::string_view data = bytes.substr(data_at, member.compressed_size);
  std::string text;
  if (member.method == 0) {
    text = data;
  } else if (member.method == 8) {
    text.resize(member.size);
    z_stream stream{};
    if (inflateInit2(&stream, -15) != Z_OK)
      return pep::error(pep::Fault::kInternal, "zlib does not start");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const int code = inflate(&stream, Z_FINISH);
    const bool whole = code == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    if (!whole) return malformed("the wheel's METADATA does not decompress");
  } else {
    return malformed("the wheel's METADATA is compressed with zip method " +
                     std::to_string(member.method) + ", only 0 and 8 are known");
  }
  if (text.size() != member.size || ::crc32(0, reinterpret_cast<const Bytef*>(text.data()),
                                            static_cast<uInt>(text.size())) != member.crc32) {
    return malformed("the wheel's METADATA does not match its checksum");
  }
  return text;
}

pep::Result<std::string> wheel_metadata(std::string_view wheel, const pep::Name& project) {
  const Piece whole{.offset = 0, .bytes = wheel};
  auto found = locate_metadata(whole, project);
  if (!found) return std::move(found).error();
  const auto* member = std::get_if<ZipMember>(&*found);
  if (member == nullptr) return malformed("the wheel's zip directory is damaged");
  return extract_member(whole, *member);
}

}  // namespace resolver::index

// Metadata out of wheels (zip) and sdists. Works on bytes that lie in memory or in a mapped file; a
// wheel may be known by its end only. Knows nothing of transport. Input is untrusted: every offset
// is checked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "pep/name.h"
#include "pep/result.h"

namespace resolver::index {

// A piece of a file: `bytes` begin at `offset` of it.
struct Piece {
  std::uint64_t offset = 0;
  std::string_view bytes;
  std::uint64_t end() const { return offset + bytes.size(); }
};

// Where METADATA lies in a wheel.
struct ZipMember {
  std::uint64_t header_offset = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t end = 0;  // no byte of the member is at or behind this
  std::uint32_t crc32 = 0;
  std::uint16_t method = 0;
};

// The piece does not reach back far enough: ask again from this offset.
struct NeedFrom {
  std::uint64_t offset = 0;
};

// Finds the one NAME-VERSION.dist-info/METADATA of `project`. `tail` ends where the file ends.
// Malformed if this is no zip, or a zip64 or encrypted one; not_found if it holds no metadata.
pep::Result<std::variant<ZipMember, NeedFrom>> locate_metadata(const Piece& tail,
                                                               const pep::Name& project);

// The member's text; `piece` must hold [header_offset, end). Checked against its CRC.
pep::Result<std::string> extract_member(const Piece& piece, const ZipMember& member);

// METADATA of a whole wheel.
pep::Result<std::string> wheel_metadata(std::string_view wheel, const pep::Name& project);

// PKG-INFO of a whole sdist (.tar.gz or .zip).
pep::Result<std::string> sdist_pkg_info(std::string_view sdist);

// Whether what PKG-INFO says of dependencies holds for every wheel built from the sdist (PEP 643);
// if not, why not.
pep::Status check_static(std::string_view pkg_info);

// METADATA reduced to the fields a resolver needs, which is what the store keeps. Not validated.
std::string condensed(std::string_view metadata);

}  // namespace resolver::index

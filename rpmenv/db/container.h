// The formats that keep RPM header blobs. Each reader hands out every blob that it can reach, and
// says what it could not. Untrusted input: offsets and chains are bounded, pages are not visited
// twice. No reader knows what a blob holds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "rpmenv/facts.h"

namespace rpmenv::db {

// Valid during the call only.
using BlobSink = std::function<void(std::string_view blob)>;

struct Reading {
  std::uint64_t lost = 0;  // records known to be there that could not be reached
  bool damaged = false;  // the container does not hold together; what was handed out may not be all
  bool unsupported = false;
  std::string message;  // why, in one clause

  void damage(std::string why, std::uint64_t records = 0) {
    damaged = true;
    lost += records;
    if (message.empty()) message = std::move(why);
  }
};

enum class Format { kUnknown, kSqlite, kNdb, kBdbHash, kBdbBtree };
Format sniff(std::string_view bytes);  // by the magic number alone
std::string format_name(Format format);

// `log` is the write-ahead log beside the database (rpmdb.sqlite-wal), empty if there is none.
Reading read_sqlite(std::string_view bytes, std::string_view log, const BlobSink& sink);
Reading read_ndb(std::string_view bytes, const BlobSink& sink);
// Hash (rpm 4) of format 7 to 10 and btree (rpm 5) of format 9 and 10, in either byte order.
Reading read_bdb(std::string_view bytes, const BlobSink& sink);

}  // namespace rpmenv::db

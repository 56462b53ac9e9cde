// Makes real wheels and sdists in memory, and reads the metadata of one. Knows nothing of servers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace support {

// One release of a project. `needs` is Requires-Dist ("requires" is a keyword).
struct Release {
  std::string name;
  std::string version = "1.0";
  std::vector<std::string> needs = {};
  std::string requires_python = {};
  std::vector<std::string> extras = {};
  std::vector<std::string> tags = {"py3-none-any"};  // one wheel each; none: no wheel
  bool sdist = false;
  std::string metadata_version = "2.2";
  std::vector<std::string> dynamic = {};  // of the sdist's PKG-INFO
  bool yanked = false;
  std::string yanked_reason = {};
  std::string upload_time = "2024-01-01T00:00:00Z";
  bool core_metadata = true;  // announce a metadata file (if the server does)
  std::string metadata = {};  // the whole METADATA text instead of a made one
  std::map<std::string, std::string> contents = {};  // further files: path -> text
};

std::string metadata_text(const Release& release);
std::string wheel_filename(const Release& release, std::string_view tag);
std::string sdist_filename(const Release& release);
std::string make_wheel(const Release& release, std::string_view tag = "py3-none-any");
std::string make_sdist(const Release& release);

// A zip or tar.gz of `files`, in that order; `format` is "zip", "zip-stored" or "tar.gz".
std::string make_archive(std::string_view format,
                         const std::vector<std::pair<std::string, std::string>>& files);
// METADATA of a wheel or PKG-INFO of an sdist; empty if there is none.
std::string read_metadata(const std::string& archive);

std::string sha256_hex(std::string_view bytes);
std::string gzip(std::string_view bytes);

}  // namespace support

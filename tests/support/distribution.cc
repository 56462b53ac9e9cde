// Makes wheels and sdists with libarchive.
#include "tests/support/distribution.h"

#include <archive.h>
#include <archive_entry.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <cstdlib>

namespace support {
namespace {

std::string escaped(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c == '-' || c == '.') c = '_';
  }
  return result;
}

la_ssize_t append(archive*, void* target, const void* data, std::size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(data), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

std::string metadata_text(const Release& release) {
  if (!release.metadata.empty()) return release.metadata;
  std::string text = "Metadata-Version: " + release.metadata_version + "\nName: " + release.name +
                     "\nVersion: " + release.version + "\n";
  if (!release.requires_python.empty())
    text += "Requires-Python: " + release.requires_python + "\n";
  for (const std::string& extra : release.extras) text += "Provides-Extra: " + extra + "\n";
  for (const std::string& need : release.needs) text += "Requires-Dist: " + need + "\n";
  return text + "\n# " + release.name + "\n";
}

std::string wheel_filename(const Release& release, std::string_view tag) {
  return escaped(release.name) + "-" + release.version + "-" + std::string(tag) + ".whl";
}

std::string sdist_filename(const Release& release) {
  return escaped(release.name) + "-" + release.version + ".tar.gz";
}

std::string make_archive(std::string_view format,
                         const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes;
  archive* out = archive_write_new();
  if (format == "tar.gz") {
    archive_write_set_format_ustar(out);
    archive_write_add_filter_gzip(out);
    archive_write_set_filter_option(out, "gzip", "timestamp", nullptr);
  } else {
    archive_write_set_format_zip(out);
    if (format == "zip-stored") archive_write_zip_set_compression_store(out);
  }
  archive_write_set_bytes_in_last_block(out, 1);
  if (archive_write_open(out, &bytes, nullptr, append, nullptr) != ARCHIVE_OK) std::abort();
  for (const auto& [path, text] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 1700000000, 0);
    archive_write_header(out, entry);
    archive_write_data(out, text.data(), text.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
  return bytes;
}

std::string make_wheel(const Release& release, std::string_view tag) {
  const std::string info = escaped(release.name) + "-" + release.version + ".dist-info/";
  std::vector<std::pair<std::string, std::string>> files(release.contents.begin(),
                                                         release.contents.end());
  if (files.empty()) files.emplace_back(escaped(release.name) + "/__init__.py", "");
  std::string record;
  for (const auto& [path, text] : files) record += path + ",,\n";
  files.emplace_back(info + "METADATA", metadata_text(release));
  files.emplace_back(info + "WHEEL",
                     "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: " +
                         std::string(tag) + "\n");
  record += info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n";
  files.emplace_back(info + "RECORD", record);
  return make_archive("zip", files);
}

std::string make_sdist(const Release& release) {
  Release copy = release;
  std::string text = metadata_text(copy);
  if (release.metadata.empty() && !release.dynamic.empty()) {
    std::string lines;
    for (const std::string& field : release.dynamic) lines += "Dynamic: " + field + "\n";
    text.insert(text.find("\n\n") + 1, lines);
  }
  const std::string top = escaped(release.name) + "-" + release.version + "/";
  return make_archive("tar.gz", {{top + "PKG-INFO", text},
                                 {top + "pyproject.toml", "[build-system]\nrequires = []\n"}});
}

std::string read_metadata(const std::string& bytes) {
  archive* in = archive_read_new();
  archive_read_support_format_zip(in);
  archive_read_support_format_tar(in);
  archive_read_support_filter_gzip(in);
  std::string text;
  if (archive_read_open_memory(in, bytes.data(), bytes.size()) == ARCHIVE_OK) {
    archive_entry* entry = nullptr;
    while (text.empty() && archive_read_next_header(in, &entry) == ARCHIVE_OK) {
      const char* name = archive_entry_pathname(entry);
      const std::string_view path(name == nullptr ? "" : name);
      if (!path.ends_with(".dist-info/METADATA") && !path.ends_with("/PKG-INFO")) continue;
      std::array<char, 8192> buffer;
      la_ssize_t size = 0;
      while ((size = archive_read_data(in, buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(size));
      }
    }
  }
  archive_read_free(in);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string in(bytes);
  std::string out(deflateBound(&stream, in.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace support

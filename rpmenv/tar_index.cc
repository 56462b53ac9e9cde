// Walks the headers of a tar file: ustar, with the long names of pax and GNU. Unaware of what
// members hold.
#include "rpmenv/tar_index.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kBlock = 512, kMaxLongName = 1 << 20;
constexpr int kMaxMembers = 1000000;

bool read_at(int file, std::uint64_t offset, char* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = pread(file, data + done, size - done, static_cast<off_t>(offset + done));
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

// Octal, or base 256 with the high bit set.
std::optional<std::uint64_t> number(std::string_view field) {
  std::uint64_t value = 0;
  if (!field.empty() && (static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    for (std::size_t i = 1; i < field.size(); ++i) {
      if (value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(field[i]);
    }
    return value;
  }
  for (const char c : field) {
    if (c == ' ' || c == '\0') {
      if (value != 0) break;
      continue;
    }
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool has_checksum(std::string_view header) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < header.size(); ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
  return number(header.substr(148, 8)) == sum;
}

std::string text_of(std::string_view field) {
  return std::string(field.substr(0, field.find('\0')));
}

// The value of a pax record "LENGTH key=value\n".
std::string pax_value(std::string_view records, std::string_view key) {
  std::string value;
  while (!records.empty()) {
    const auto space = records.find(' ');
    const auto length =
        space == std::string_view::npos ? std::nullopt : whole_number(records.substr(0, space));
    if (!length || *length <= space + 1 || *length > records.size()) break;
    const auto record = records.substr(space + 1, static_cast<std::size_t>(*length) - space - 2);
    if (record.starts_with(key) && record.size() > key.size() && record[key.size()] == '=')
      value = record.substr(key.size() + 1);
    records.remove_prefix(static_cast<std::size_t>(*length));
  }
  return value;
}

std::string normal(std::string name) {
  while (name.starts_with("./") || name.starts_with('/'))
    name.erase(0, name.starts_with('/') ? 1 : 2);
  return name;
}

}  // namespace

pep::Result<std::map<std::string, Extent>> index_tar(int file, const std::string& name) {
  const auto damaged = [&](std::string_view why) {
    return pep::error(pep::Fault::kMalformed, fmt::format("\"{}\" is no image: {}", name, why));
  };
  struct stat raw {};
  if (fstat(file, &raw) != 0 || !S_ISREG(raw.st_mode))
    return damaged("neither a directory nor a regular file");
  const auto size = static_cast<std::uint64_t>(raw.st_size);
  std::map<std::string, Extent> members;
  std::string long_name, long_link, pax;
  std::array<char, kBlock> block{};
  std::uint64_t at = 0;
  for (int i = 0; i < kMaxMembers && at + kBlock <= size; ++i) {
    if (!read_at(file, at, block.data(), block.size())) return damaged("it cannot be read");
    const std::string_view header(block.data(), block.size());
    if (header.find_first_not_of('\0') == std::string_view::npos) return members;
    const auto length = number(header.substr(124, 12));
    if (!has_checksum(header) || !length) {
      return damaged(members.empty()
                         ? "not an uncompressed tar file (if it is compressed, unpack it first)"
                         : "the tar file is damaged");
    }
    at += kBlock;
    std::uint64_t bytes = *length;
    const char type = header[156];
    if (type == 'x' || type == 'L' || type == 'K') {
      if (bytes > kMaxLongName || at + bytes > size) return damaged("the tar file is damaged");
      std::string text(static_cast<std::size_t>(bytes), '\0');
      if (!read_at(file, at, text.data(), text.size())) return damaged("the tar file is cut off");
      (type == 'x' ? pax : type == 'L' ? long_name : long_link) = text;
    } else if (type != 'g') {
      std::string path = text_of(header.substr(0, 100)), link = text_of(header.substr(157, 100));
      const std::string prefix =
          header.substr(257, 5) == "ustar" ? text_of(header.substr(345, 155)) : std::string();
      if (!prefix.empty()) path = prefix + "/" + path;
      if (!long_name.empty()) path = text_of(long_name);
      if (!long_link.empty()) link = text_of(long_link);
      if (const auto value = pax_value(pax, "path"); !value.empty()) path = value;
      if (const auto value = pax_value(pax, "linkpath"); !value.empty()) link = value;
      if (const auto value = whole_number(pax_value(pax, "size"))) bytes = *value;
      path = normal(std::move(path));
      if (type == '0' || type == '\0') {
        if (bytes > size - at) return damaged("the tar file is cut off");
        members[path] = {at, bytes};
      } else if (type == '1' || type == '2') {
        // Docker links a layer that it has twice: "../HASH/layer.tar".
        if (type == '2') link = std::string(directory_of(path)) + "/" + link;
        for (auto up = link.find("/../"); up != std::string::npos; up = link.find("/../")) {
          const auto before = up == 0 ? std::string::npos : link.rfind('/', up - 1);
          link.erase(before == std::string::npos ? 0 : before + 1,
                     up + 4 - (before == std::string::npos ? 0 : before + 1));
        }
        if (const auto target = members.find(normal(link)); target != members.end())
          members[path] = target->second;
        bytes = 0;
      }
      long_name.clear(), long_link.clear(), pax.clear();
    }
    const std::uint64_t padded = bytes / kBlock * kBlock + (bytes % kBlock != 0 ? kBlock : 0);
    if (padded < bytes || padded > size) return damaged("the tar file is damaged");
    at += padded;
  }
  return members;
}

}  // namespace rpmenv

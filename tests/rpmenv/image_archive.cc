// Writes image archives for tests.
#include "tests/rpmenv/image_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "rpmenv/digest.h"

namespace tests {
namespace {

using nlohmann::json;

// Writes one blob; its descriptor.
json blob(const std::string& directory, const std::string& bytes) {
  const std::string digest = rpmenv::sha256_hex(bytes);
  std::filesystem::create_directories(directory + "/blobs/sha256");
  std::ofstream(directory + "/blobs/sha256/" + digest, std::ios::binary) << bytes;
  return {{"digest", "sha256:" + digest}, {"size", bytes.size()}};
}

json configuration(const std::vector<std::string>& environment) {
  return {{"architecture", "amd64"}, {"os", "linux"}, {"config", {{"Env", environment}}}};
}

}  // namespace

std::string tar(const std::vector<Member>& members) {
  std::string out;
  for (const auto& member : members) {
    std::string head(512, '\0');
    const std::string content = member.type == '0' ? member.content : "";
    head.replace(0, member.name.size(), member.name);
    head.replace(100, 7, "0000755");
    head.replace(108, 7, "0000000");
    head.replace(116, 7, "0000000");
    head.replace(124, 11, fmt::format("{:011o}", content.size()));
    head.replace(136, 11, "00000000000");
    head.replace(148, 8, "        ");
    head[156] = member.type;
    if (member.type == '1' || member.type == '2')
      head.replace(157, member.content.size(), member.content);
    head.replace(257, 8, std::string("ustar\00000", 8));
    unsigned sum = 0;
    for (const char c : head) sum += static_cast<unsigned char>(c);
    head.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
    out += head + content + std::string((512 - content.size() % 512) % 512, '\0');
  }
  return out + std::string(1024, '\0');
}

std::string compressed(const std::string& bytes, bool zstd) {
  std::string out(bytes.size() + (1 << 20), '\0');
  std::size_t used = 0;
  struct archive* writer = archive_write_new();
  archive_write_set_format_raw(writer);
  zstd ? archive_write_add_filter_zstd(writer) : archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  struct archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, bytes.data(), bytes.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

void write_layout(const std::string& directory, const std::vector<std::string>& layers,
                  const std::vector<std::string>& environment) {
  json manifest = {{"schemaVersion", 2},
                   {"config", blob(directory, configuration(environment).dump())},
                   {"layers", json::array()}};
  for (const auto& layer : layers) manifest["layers"].push_back(blob(directory, layer));
  json index = {{"schemaVersion", 2},
                {"manifests", json::array({blob(directory, manifest.dump())})}};
  std::ofstream(directory + "/index.json") << index.dump();
  std::ofstream(directory + "/oci-layout") << R"({"imageLayoutVersion": "1.0.0"})";
}

std::string layout_archive(const std::vector<std::string>& layers) {
  namespace fs = std::filesystem;
  const fs::path place =
      fs::temp_directory_path() /
      fmt::format("seshat-layout-{}", rpmenv::sha256_hex(layers.back()).substr(0, 16));
  fs::create_directories(place);
  write_layout(place, layers);
  std::vector<Member> members;
  for (const auto& entry : fs::recursive_directory_iterator(place)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    members.push_back(
        {fs::relative(entry.path(), place), {std::istreambuf_iterator<char>(in), {}}});
  }
  fs::remove_all(place);
  return tar(members);
}

std::string docker_archive(const std::vector<std::string>& layers,
                           const std::vector<std::string>& environment) {
  std::vector<Member> members;
  json names = json::array();
  for (const auto& layer : layers) {
    const std::string name = rpmenv::sha256_hex(layer) + "/layer.tar";
    members.push_back({name, layer});
    names.push_back(name);
  }
  members.push_back({"config.json", configuration(environment).dump()});
  members.push_back(
      {"manifest.json", json::array({{{"Config", "config.json"}, {"Layers", names}}}).dump()});
  return tar(members);
}

}  // namespace tests

// Reads OCI and docker manifests. The only file of this room that names a JSON library.
#include "rpmenv/image_manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "rpmenv/digest.h"

namespace rpmenv {
namespace {

using Json = nlohmann::json;

constexpr int kMaxIndexes = 4;  // an index may name an index
constexpr std::size_t kMaxLayers = 1000;

#if defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
#elif defined(__x86_64__)
constexpr const char* kArchitecture = "amd64";
#else
constexpr const char* kArchitecture = "";
#endif

pep::Error malformed(std::string what) {
  return pep::error(pep::Fault::kMalformed, std::move(what));
}

std::string text(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<Json> list(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? found->get<std::vector<Json>>()
                                                    : std::vector<Json>();
}

Json member(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() ? *found : Json();
}

// The hex part of "sha256:…"; nullopt for any other algorithm or form, so that no digest can be a
// path.
std::optional<std::string> sha256(const std::string& digest) {
  constexpr std::string_view kPrefix = "sha256:";
  if (!digest.starts_with(kPrefix) || digest.size() != kPrefix.size() + 64) return std::nullopt;
  auto hex = digest.substr(kPrefix.size());
  if (hex.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  return hex;
}

pep::Result<Json> parse(const std::string& bytes, const std::string& name) {
  auto json = Json::parse(bytes, nullptr, false);
  if (json.is_discarded()) return malformed(fmt::format("{} of the image is no JSON", name));
  return json;
}

pep::Result<Json> read_blob(const ReadMember& read, const std::string& digest) {
  const auto hex = sha256(digest);
  if (!hex)
    return malformed(fmt::format("the image names a blob by \"{}\", which is no SHA-256",
                                 digest.substr(0, 100)));
  const auto bytes = read("blobs/sha256/" + *hex);
  if (!bytes) return bytes.error();
  if (sha256_hex(*bytes) != *hex)
    return pep::error(
        pep::Fault::kIntegrity,
        fmt::format("a blob of the image is not what its digest sha256:{} says", *hex));
  return parse(*bytes, "blob sha256:" + *hex);
}

void read_environment(const Json& config, ImageManifest& manifest) {
  for (const auto& one : list(member(config, "config"), "Env")) {
    if (one.is_string()) manifest.environment.push_back(one.get<std::string>());
  }
}

pep::Result<ImageManifest> read_oci(const ReadMember& read, Json index) {
  for (int depth = 0; depth < kMaxIndexes; ++depth) {
    const auto manifests = list(index, "manifests");
    if (manifests.empty()) break;
    const Json* chosen = nullptr;
    for (const auto& one : manifests) {
      const auto platform = member(one, "platform");
      const bool fits =
          text(platform, "os") == "linux" && text(platform, "architecture") == kArchitecture;
      if (chosen == nullptr ||
          (fits && text(member(*chosen, "platform"), "architecture") != kArchitecture))
        chosen = &one;
    }
    auto next = read_blob(read, text(*chosen, "digest"));
    if (!next) return next.error();
    index = std::move(*next);
  }
  ImageManifest manifest;
  for (const auto& layer : list(index, "layers")) {
    const auto hex = sha256(text(layer, "digest"));
    if (!hex) return malformed("a layer of the image has no SHA-256");
    manifest.layers.push_back({"blobs/sha256/" + *hex, *hex});
  }
  if (manifest.layers.empty() || manifest.layers.size() > kMaxLayers)
    return malformed("the image has no layers");
  const auto config = read_blob(read, text(member(index, "config"), "digest"));
  if (!config) return config.error();
  read_environment(*config, manifest);
  return manifest;
}

pep::Result<ImageManifest> read_docker(const ReadMember& read, const Json& images) {
  if (!images.is_array() || images.empty()) return malformed("manifest.json names no image");
  ImageManifest manifest;
  for (const auto& layer : list(images[0], "Layers")) {
    if (!layer.is_string())
      return malformed("manifest.json names a layer by something that is no text");
    Layer one{.blob = layer.get<std::string>(), .digest = {}};
    if (one.blob.starts_with("blobs/sha256/"))
      one.digest = sha256("sha256:" + one.blob.substr(13)).value_or("");
    manifest.layers.push_back(std::move(one));
  }
  if (manifest.layers.empty() || manifest.layers.size() > kMaxLayers)
    return malformed("the image has no layers");
  const auto bytes = read(text(images[0], "Config"));
  if (!bytes) return bytes.error();
  const auto config = parse(*bytes, "the configuration");
  if (!config) return config.error();
  read_environment(*config, manifest);
  return manifest;
}

}  // namespace

pep::Result<ImageManifest> read_image_manifest(const ReadMember& read) {
  if (const auto bytes = read("index.json")) {
    auto index = parse(*bytes, "index.json");
    if (!index) return index.error();
    return read_oci(read, std::move(*index));
  }
  const auto bytes = read("manifest.json");
  if (!bytes) return malformed("neither index.json (OCI) nor manifest.json (docker) is in it");
  const auto images = parse(*bytes, "manifest.json");
  if (!images) return images.error();
  return read_docker(read, *images);
}

pep::Result<std::vector<std::string>> read_image_environment(const std::string& bytes) {
  auto json = Json::parse(bytes, nullptr, false);
  if (json.is_discarded()) return malformed("it is no JSON");
  if (json.is_array() && !json.empty()) json = Json(json[0]);
  // buildah wraps the OCI configuration; docker writes its members with capitals.
  if (auto wrapped = member(json, "OCIv1"); wrapped.is_object()) json = std::move(wrapped);
  if (auto config = member(json, "Config"); config.is_object())
    json = Json{{"config", std::move(config)}};
  if (!member(json, "config").is_object()) {
    return malformed(
        "it is no configuration of an image: it has neither \"config\" nor \"Config\" nor "
        "\"OCIv1\"");
  }
  ImageManifest manifest;
  read_environment(json, manifest);
  return std::move(manifest.environment);
}

}  // namespace rpmenv

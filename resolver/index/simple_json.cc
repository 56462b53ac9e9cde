// JSON pages (PEP 691, 700), read in one pass with simdjson's on-demand parser.
#include <simdjson.h>

#include "resolver/index/simple_api.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

using simdjson::ondemand::json_type;

// An optional string: null and other types count as absent. Strings without escapes, which are
// nearly all, are views of the page itself.
std::string_view text_of(simdjson::ondemand::value& value) {
  const std::string_view token = value.raw_json_token();
  if (token.size() < 2 || token.front() != '"') return {};
  if (token.find('\\') == std::string_view::npos) return token.substr(1, token.rfind('"') - 1);
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return {};
  return text;
}

// "hashes": {"sha256": "…"}, or "core-metadata": true | {"sha256": "…"}. True if there is an object
// or `true`.
bool read_hashes(simdjson::ondemand::value& value, Sha256& digest, bool& has_digest) {
  json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == json_type::boolean) {
    bool flag = false;
    return value.get_bool().get(flag) == simdjson::SUCCESS && flag;
  }
  if (type != json_type::object) return false;
  simdjson::ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto field : object) {
    simdjson::ondemand::raw_json_string key;
    simdjson::ondemand::value content;
    if (field.key().get(key) != simdjson::SUCCESS ||
        field.value().get(content) != simdjson::SUCCESS)
      return false;
    if (key == "sha256") has_digest = parse_sha256(text_of(content), digest);
  }
  return true;
}

// False if the JSON is broken here.
bool read_file(simdjson::ondemand::object& object, PageBuilder& builder) {
  RawFile file;
  Sha256 sha256;
  Sha256 metadata_sha256;
  bool has_sha256 = false;
  bool has_metadata_sha256 = false;
  for (auto field : object) {
    simdjson::ondemand::raw_json_string key;
    simdjson::ondemand::value value;
    if (field.key().get(key) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS)
      return false;
    if (key == "filename") {
      file.filename = text_of(value);
    } else if (key == "url") {
      file.url = text_of(value);
    } else if (key == "hashes") {
      read_hashes(value, sha256, has_sha256);
    } else if (key == "requires-python") {
      file.requires_python = text_of(value);
    } else if (key == "size") {
      if (value.get_uint64().get(file.size) != simdjson::SUCCESS) file.size = 0;
    } else if (key == "upload-time") {
      file.upload_time = parse_time(text_of(value));
    } else if (key == "yanked") {
      json_type type{};
      if (value.type().get(type) != simdjson::SUCCESS) return false;
      if (type == json_type::string) {
        file.yanked = true;
        file.yanked_reason = text_of(value);
      } else if (type == json_type::boolean &&
                 value.get_bool().get(file.yanked) != simdjson::SUCCESS) {
        return false;
      }
    } else if (key == "core-metadata" || key == "data-dist-info-metadata" ||
               key == "dist-info-metadata") {
      file.core_metadata =
          read_hashes(value, metadata_sha256, has_metadata_sha256) || file.core_metadata;
    }
  }
  if (has_sha256) file.sha256 = &sha256;
  if (has_metadata_sha256) file.metadata_sha256 = &metadata_sha256;
  if (!file.url.empty() && !file.filename.empty()) builder.add(file);
  return true;
}

pep::Error malformed(const PageText& page, const std::string& what) {
  return pep::error(pep::Fault::kMalformed,
                    redacted(page.url) + " is no page of a package index: " + what);
}

}  // namespace

pep::Status read_json_page(PageText& page, PageBuilder& builder) {
  thread_local simdjson::ondemand::parser parser;
  page.body.reserve(page.body.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::document document;
  simdjson::ondemand::object root;
  const simdjson::padded_string_view view(page.body.data(), page.body.size(), page.body.capacity());
  if (const auto code = parser.iterate(view).get(document); code != simdjson::SUCCESS) {
    return malformed(page, simdjson::error_message(code));
  }
  if (document.get_object().get(root) != simdjson::SUCCESS)
    return malformed(page, "it holds no JSON object");
  bool has_files = false;
  for (auto field : root) {
    simdjson::ondemand::raw_json_string key;
    simdjson::ondemand::value value;
    if (field.key().get(key) != simdjson::SUCCESS ||
        field.value().get(value) != simdjson::SUCCESS) {
      return malformed(page, "its JSON is broken or cut short");
    }
    if (key == "meta") {
      simdjson::ondemand::object meta;
      std::string_view version;
      if (value.get_object().get(meta) == simdjson::SUCCESS &&
          meta.find_field_unordered("api-version").get_string().get(version) == simdjson::SUCCESS &&
          !version.starts_with("1.") && version != "1") {
        return malformed(page, "it speaks version " + std::string(version) +
                                   " of the Simple API, only 1 is known");
      }
    } else if (key == "files") {
      simdjson::ondemand::array files;
      if (value.get_array().get(files) != simdjson::SUCCESS)
        return malformed(page, "\"files\" is no list");
      has_files = true;
      for (auto element : files) {
        simdjson::ondemand::object file;
        if (element.get_object().get(file) != simdjson::SUCCESS || !read_file(file, builder)) {
          return malformed(page, "an element of \"files\" is broken");
        }
      }
    }
  }
  if (!has_files) return malformed(page, "its JSON has no \"files\"");
  return pep::Done{};
}

}  // namespace resolver::index

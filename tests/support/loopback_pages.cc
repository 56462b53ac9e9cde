// What the loopback index serves: projects, pages, files. Sockets are loopback_server.cc's.
#include "tests/support/loopback_pages.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "tests/support/temp_directory.h"

namespace support {
namespace {

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      result += "\\u00";
      result += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
      result += "0123456789abcdef"[c & 15];
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

std::string json_file(const LoopbackFile& file, const ServerOptions& options) {
  std::string out = "{\"filename\":" + json_string(file.filename) +
                    ",\"url\":" + json_string("../../files/" + file.filename) + ",\"hashes\":{";
  if (options.hashes) out += "\"sha256\":" + json_string(file.sha256);
  out += "},\"size\":" + std::to_string(file.size);
  if (!file.upload_time.empty()) out += ",\"upload-time\":" + json_string(file.upload_time);
  out += ",\"requires-python\":" +
         (file.requires_python.empty() ? "null" : json_string(file.requires_python));
  out += ",\"yanked\":";
  out += !file.yanked                 ? "false"
         : file.yanked_reason.empty() ? "true"
                                      : json_string(file.yanked_reason);
  if (!file.metadata_sha256.empty() && options.core_metadata) {
    out += ",\"core-metadata\":{\"sha256\":" + json_string(file.metadata_sha256) + "}";
  }
  return out + "}";
}

std::string html_file(const LoopbackFile& file, const ServerOptions& options) {
  std::string out = "<a href=\"../../files/" + escaped(file.filename);
  if (options.hashes) out += "#sha256=" + file.sha256;
  out += "\"";
  if (!file.requires_python.empty())
    out += " data-requires-python=\"" + escaped(file.requires_python) + "\"";
  if (file.yanked) out += " data-yanked=\"" + escaped(file.yanked_reason) + "\"";
  if (!file.metadata_sha256.empty() && options.core_metadata) {
    out += " data-core-metadata=\"sha256=" + file.metadata_sha256 + "\"";
  }
  return out + ">" + escaped(file.filename) + "</a><br/>\n";
}

}  // namespace

std::string normalized(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == '.') {
      if (!result.empty() && result.back() != '-') result += '-';
    } else {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return result;
}

std::string project_of(std::string_view filename) {
  if (filename.ends_with(".whl")) return normalized(filename.substr(0, filename.find('-')));
  return normalized(filename.substr(0, filename.rfind('-')));
}

std::string json_page(const std::string& name, const std::vector<LoopbackFile>& files,
                      const ServerOptions& options) {
  std::string out =
      "{\"meta\":{\"api-version\":\"1.1\"},\"name\":" + json_string(name) + ",\"versions\":[";
  std::vector<std::string> versions;
  for (const LoopbackFile& file : files) {
    if (!file.version.empty() &&
        std::find(versions.begin(), versions.end(), file.version) == versions.end()) {
      versions.push_back(file.version);
    }
  }
  for (std::size_t i = 0; i < versions.size(); ++i)
    out += (i == 0 ? "" : ",") + json_string(versions[i]);
  out += "],\"files\":[";
  for (std::size_t i = 0; i < files.size(); ++i)
    out += (i == 0 ? "" : ",") + json_file(files[i], options);
  return out + "]}";
}

std::string html_page(const std::string& name, const std::vector<LoopbackFile>& files,
                      const ServerOptions& options) {
  std::string out =
      "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.1\">"
      "<title>Links for " +
      name + "</title></head><body><h1>Links for " + name + "</h1>\n";
  for (const LoopbackFile& file : files) out += html_file(file, options);
  return out + "</body></html>\n";
}

void LoopbackServer::add(const Release& release) {
  const std::string text = metadata_text(release);
  const std::lock_guard lock(mutex_);
  const auto serve = [&](const std::string& filename, std::string bytes, bool wheel) {
    LoopbackFile file{.filename = filename,
                      .version = release.version,
                      .sha256 = sha256_hex(bytes),
                      .size = bytes.size(),
                      .requires_python = release.requires_python,
                      .upload_time = release.upload_time,
                      .yanked = release.yanked,
                      .yanked_reason = release.yanked_reason,
                      .metadata_sha256 = {}};
    if (wheel && release.core_metadata) {
      file.metadata_sha256 = sha256_hex(text);
      files_[filename + ".metadata"] = std::make_shared<const std::string>(text);
    }
    files_[filename] = std::make_shared<const std::string>(std::move(bytes));
    projects_[normalized(release.name)].push_back(std::move(file));
  };
  for (const std::string& tag : release.tags)
    serve(wheel_filename(release, tag), make_wheel(release, tag), true);
  if (release.sdist) serve(sdist_filename(release), make_sdist(release), false);
}

void LoopbackServer::add_file(const std::string& filename, std::string bytes) {
  const std::string text = read_metadata(bytes);
  LoopbackFile file{.filename = filename,
                    .version = {},
                    .sha256 = sha256_hex(bytes),
                    .size = bytes.size(),
                    .requires_python = {},
                    .upload_time = {},
                    .yanked = false,
                    .yanked_reason = {},
                    .metadata_sha256 = {}};
  const std::string head = "\n" + text.substr(0, text.find("\n\n"));
  const auto field = [&](std::string_view key) {
    const std::size_t at = head.find("\n" + std::string(key) + ": ");
    if (at == std::string::npos) return std::string();
    const std::size_t begin = at + key.size() + 3;
    return head.substr(begin, head.find('\n', begin) - begin);
  };
  file.requires_python = field("Requires-Python");
  file.version = field("Version");
  const std::lock_guard lock(mutex_);
  if (filename.ends_with(".whl") && !text.empty()) {
    file.metadata_sha256 = sha256_hex(text);
    files_[filename + ".metadata"] = std::make_shared<const std::string>(text);
  }
  files_[filename] = std::make_shared<const std::string>(std::move(bytes));
  projects_[project_of(filename)].push_back(std::move(file));
}

std::size_t LoopbackServer::add_directory(const std::string& directory) {
  std::error_code code;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".whl") || name.ends_with(".tar.gz") || name.ends_with(".zip"))
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) add_file(name, read_file(directory + "/" + name));
  return names.size();
}

}  // namespace support

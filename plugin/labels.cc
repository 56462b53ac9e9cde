#include "plugin/labels.h"

#include <fmt/format.h>

#include <cstdlib>

#include "plugin/json_document.h"
#include "plugin/report/json.h"
#include "plugin/version.h"
#include "resolver/index/digest.h"

namespace plugin {

namespace {

constexpr const char* kPrefix = "io.seshat.";

std::string digest_of(const std::string& text) {
  return "sha256:" + resolver::index::hex(resolver::index::sha256_of(text));
}

// Labels go through shells and lists of options: what could be more than a word is left out.
std::string word(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("._-+:/@").find(c) != std::string_view::npos)
      result += c;
  }
  return result;
}

}  // namespace

std::string report_directory(const std::string& venv) {
  if (const char* root = std::getenv("APP_ROOT"); root != nullptr && *root != '\0')
    return std::string(root) + "/.seshat";
  return venv.empty() ? "/usr/share/seshat" : venv + "/share/seshat";
}

pep::Result<Labels> labels_of(const std::string& directory, const std::string& place,
                              const std::string& base_image) {
  auto report = read_text_file(directory + "/" + kReportName);
  if (!report) {
    pep::Error error = std::move(report).error();
    error.what += "; is this the directory of `seshat build-hook`?";
    return error;
  }
  const JsonDocument document(*report);
  if (!document.good() || document.at({"schema"}) != "seshat.report/1") {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("{}/{} is no report of Seshat", directory, kReportName));
  }
  const bool locked = document.at({"outcome"}) == "locked";
  const bool degraded = document.at({"degraded"}) == "true";
  Labels labels;
  const auto add = [&](const std::string& name, std::string_view value) {
    if (!value.empty()) labels.emplace_back(name, word(value));
  };
  const std::string prefix = kPrefix;
  add(prefix + "directory", place);
  if (auto lock = read_text_file(directory + "/" + kLockName); lock)
    add(prefix + "lock.digest", digest_of(*lock));
  add(prefix + "platform", document.at({"target", "platform", "0"}));
  add(prefix + "python", document.at({"target", "python", "version"}));
  add(prefix + "report.digest", digest_of(*report));
  add(prefix + "status", degraded ? "degraded" : locked ? "ok" : "stopped");
  add(prefix + "version", kVersion);
  add("org.opencontainers.image.base.name", base_image);
  return labels;
}

std::string labels_text(const Labels& labels, const std::string& format) {
  std::string text;
  if (format == "s2i") {
    Json json;
    json.begin_object();
    json.key("labels");
    json.begin_array();
    for (const auto& [name, value] : labels) {
      json.begin_object();
      json.key(name);
      json.text(value);
      json.end_object();
    }
    json.end_array();
    json.end_object();
    return std::move(json).take() + "\n";
  }
  if (format == "shipwright") text = "output:\n  labels:\n";
  for (const auto& [name, value] : labels) {
    if (format == "docker") {
      text += fmt::format("LABEL {}=\"{}\"\n", name, value);
    } else if (format == "shipwright") {
      text += fmt::format("    {}: \"{}\"\n", name, value);
    } else {
      text += fmt::format("--{}={}={}\n", format == "annotations" ? "annotation" : "label", name,
                          value);
    }
  }
  return text;
}

}  // namespace plugin

// The report as SARIF 2.1.0, which code hosts show beside the lines of a change: errors where they
// are, what was said of packages at the manifest that asks for them.
#include <algorithm>
#include <set>

#include "plugin/report/json.h"
#include "plugin/report/report.h"

namespace plugin {
namespace {

struct Result {
  std::string rule;
  std::string level;
  std::string text;
  std::string link;
  std::string file;
  int line = 0;
  int column = 0;
};

std::string level_of(const std::string& type) {
  if (type == "ERROR") return "error";
  return type == "WARNING" ? "warning" : "note";
}

void add_entries(std::vector<Result>& results, const std::vector<ReportEntry>& entries,
                 const std::string& file) {
  for (const ReportEntry& entry : entries) {
    Result result;
    result.rule = entry.unit.value_or("resolver");
    result.level = level_of(entry.type);
    result.text = entry.package_name ? *entry.package_name + ": " + entry.message : entry.message;
    result.link = entry.link;
    result.file = file;
    results.push_back(std::move(result));
  }
}

std::vector<Result> results_of(const Report& report) {
  std::vector<Result> results;
  const std::string manifest = report.inputs.empty() ? "" : report.inputs.front().path;
  for (const ReportError& error : report.errors) {
    results.push_back({error.code, "error", error.message, "",
                       error.file.empty() ? manifest : error.file, error.line, error.column});
  }
  add_entries(results, report.stack_info, manifest);
  for (const Product& product : report.products) {
    add_entries(results, sorted_justification(product.justification), manifest);
  }
  return results;
}

void text(Json& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.url(value);
}

// A path as a relative reference: percent-encoded, so that any file name is a valid URI.
std::string uri_of(std::string_view path) {
  static constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
    }
  }
  return uri;
}

void location(Json& json, const Result& result) {
  json.key("locations");
  json.begin_array();
  if (!result.file.empty()) {
    json.begin_object();
    json.key("physicalLocation");
    json.begin_object();
    json.key("artifactLocation");
    json.begin_object();
    text(json, "uri", uri_of(result.file));
    json.end_object();
    json.key("region");
    json.begin_object();
    if (result.line > 0 && result.column > 0) {
      json.key("startColumn");
      json.number(result.column);
    }
    json.key("startLine");
    json.number(std::max(result.line, 1));
    json.end_object();
    json.end_object();
    json.end_object();
  }
  json.end_array();
}

void result(Json& json, const Result& result) {
  json.begin_object();
  text(json, "level", result.level);
  location(json, result);
  json.key("message");
  json.begin_object();
  text(json, "text", result.link.empty() ? result.text : result.text + " (" + result.link + ")");
  json.end_object();
  text(json, "ruleId", result.rule);
  json.end_object();
}

void tool(Json& json, const std::vector<Result>& results) {
  std::set<std::string> rules;
  for (const Result& each : results) rules.insert(each.rule);
  json.key("tool");
  json.begin_object();
  json.key("driver");
  json.begin_object();
  text(json, "name", "seshat");
  json.key("rules");
  json.begin_array();
  for (const std::string& rule : rules) {
    json.begin_object();
    text(json, "id", rule);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  json.end_object();
}

}  // namespace

std::string report_sarif(const Report& report) {
  const std::vector<Result> results = results_of(report);
  Json json;
  json.begin_object();
  text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.key("runs");
  json.begin_array();
  json.begin_object();
  json.key("results");
  json.begin_array();
  for (const Result& each : results) result(json, each);
  json.end_array();
  tool(json, results);
  json.end_object();
  json.end_array();
  text(json, "version", "2.1.0");
  json.end_object();
  std::string out = std::move(json).take();
  out.push_back('\n');
  return out;
}

}  // namespace plugin

// The JSON report: schema seshat.report/1, keys sorted in every object. Written straight into one
// string: with 600 packages it must cost next to nothing.
#include <algorithm>
#include <array>
#include <numeric>

#include "plugin/report/json.h"
#include "plugin/report/report.h"
#include "resolver/lock/direct_origin.h"

namespace plugin {
namespace {

using resolver::lock::Artifact;
using resolver::lock::Package;

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kLocked:
      return "locked";
    case Outcome::kNoSolution:
      return "no_solution";
    case Outcome::kNotAcceptable:
      return "not_acceptable";
    case Outcome::kUnavailable:
      return "unavailable";
    case Outcome::kError:
      break;
  }
  return "error";
}

void text(Json& json, std::string_view key, std::string_view value) {
  json.key(key);
  json.text(value);
}

void number(Json& json, std::string_view key, std::uint64_t value) {
  json.key(key);
  json.number(value);
}

void optional(Json& json, std::string_view key, const std::optional<std::string>& value) {
  if (!value) return;
  json.key(key);
  json.url(*value);
}

void names(Json& json, std::string_view key, const std::vector<pep::Name>& values) {
  json.key(key);
  json.one_line();
  json.begin_array();
  for (const pep::Name& name : values) json.text(name.str());
  json.end_array();
  json.resume_lines();
}

void artifact(Json& json, const Artifact& artifact) {
  json.begin_object();
  json.one_line();
  text(json, "filename", artifact.filename);
  json.key("hashes");
  json.begin_object();
  if (!artifact.sha256.empty()) text(json, "sha256", artifact.sha256);
  json.end_object();
  if (artifact.size != 0) number(json, "size", artifact.size);
  json.key("url");
  json.url(artifact.url);
  json.end_object();
  json.resume_lines();
}

// What PEP 610 has an installer record.
void direct_url(Json& json, const Package& package) {
  using Kind = resolver::lock::DirectOrigin::Kind;
  const resolver::lock::DirectOrigin& origin = *package.origin;
  json.key("direct_url");
  json.begin_object();
  if (origin.kind == Kind::kArchive) {
    json.key("archive_info");
    json.begin_object();
    json.key("hashes");
    json.begin_object();
    if (!package.artifacts.empty()) text(json, "sha256", package.artifacts[0].sha256);
    json.end_object();
    json.end_object();
  } else if (origin.kind == Kind::kDirectory) {
    json.key("dir_info");
    json.begin_object();
    json.key("editable");
    json.boolean(origin.editable);
    json.end_object();
  }
  if (!origin.subdirectory.empty()) text(json, "subdirectory", origin.subdirectory);
  json.key("url");
  json.url(resolver::lock::place_url(origin));
  if (origin.kind == Kind::kRepository) {
    json.key("vcs_info");
    json.begin_object();
    text(json, "commit_id", origin.commit);
    if (!origin.revision.empty()) text(json, "requested_revision", origin.revision);
    text(json, "vcs", "git");
    json.end_object();
  }
  json.end_object();
}

void package(Json& json, const Package& package) {
  json.begin_object();
  json.key("artifacts");
  json.begin_array();
  for (const Artifact& each : package.artifacts) {
    if (!each.elsewhere) artifact(json, each);
  }
  json.end_array();
  names(json, "dependencies", package.dependencies);
  json.key("develop");
  json.boolean(package.develop);
  json.key("direct");
  json.boolean(package.direct);
  if (package.origin) direct_url(json, package);
  names(json, "extras", package.extras);
  json.key("index");
  if (package.origin) {
    json.null();
  } else {
    json.url(package.index);
  }
  text(json, "name", package.name.str());
  text(json, "version", package.version.str());
  json.end_object();
}

void entry(Json& json, const ReportEntry& entry) {
  json.begin_object();
  optional(json, "advisory", entry.advisory);
  optional(json, "cve_id", entry.cve_id);
  optional(json, "cve_name", entry.cve_name);
  json.key("link");
  json.url(entry.link);
  json.key("message");
  json.url(entry.message);
  optional(json, "package_name", entry.package_name);
  text(json, "type", entry.type);
  json.key("unit");
  entry.unit ? json.text(*entry.unit) : json.null();
  optional(json, "version_range", entry.version_range);
  json.end_object();
}

void entries(Json& json, std::string_view key, const std::vector<ReportEntry>& list) {
  json.key(key);
  json.begin_array();
  for (const ReportEntry& each : list) entry(json, each);
  json.end_array();
}

void product(Json& json, const Product& product) {
  json.begin_object();
  json.key("advised_manifest_changes");
  json.raw(product.advised_manifest_changes);
  entries(json, "justification", sorted_justification(product.justification));
  json.key("optimal");
  json.boolean(product.optimal);
  json.key("packages");
  json.begin_array();
  for (const Package& each : product.lock.packages) package(json, each);
  json.end_array();
  json.key("score");
  json.real(product.score);
  json.end_object();
}

void fault(Json& json, const ReportError& error) {
  json.begin_object();
  text(json, "code", error.code);
  json.key("column");
  error.column > 0 ? json.number(error.column) : json.null();
  json.key("file");
  json.text_or_null(error.file);
  json.key("line");
  error.line > 0 ? json.number(error.line) : json.null();
  json.key("message");
  json.url(error.message);
  json.end_object();
}

void target(Json& json, const Report& report) {
  json.key("target");
  if (!report.target) return json.null();
  const rpmenv::Target& target = *report.target;
  json.begin_object();
  json.key("facts_digest");
  json.text_or_null(report.facts_digest);
  json.key("platform");
  json.one_line();
  json.begin_array();
  for (const std::string& platform : target.platforms) json.text(platform);
  json.end_array();
  json.resume_lines();
  json.key("python");
  json.one_line();
  json.begin_object();
  text(json, "abi", target.abi);
  text(json, "implementation", target.implementation);
  text(json, "version", target.python.str());
  json.end_object();
  json.resume_lines();
  json.key("root");
  json.text_or_null(target.root);
  json.end_object();
}

void search(Json& json, const Report& report) {
  const SearchFigures& search = report.search;
  json.key("search");
  json.begin_object();
  number(json, "accepted", search.accepted);
  number(json, "best_episode", search.best_episode);
  number(json, "episodes", search.episodes);
  if (!search.generator.empty()) text(json, "generator", search.generator);
  number(json, "iterations", search.iterations);
  text(json, "predictor", search.predictor);
  number(json, "rejected", search.rejected);
  if (report.timings) {
    json.key("seconds");
    json.real(search.seconds);
  }
  number(json, "seed", search.seed);
  json.end_object();
}

void statistics(Json& json, const Report& report) {
  const Figures& figures = report.statistics;
  json.key("statistics");
  json.begin_object();
  number(json, "bytes", figures.bytes);
  number(json, "conflicts", figures.conflicts);
  number(json, "decisions", figures.decisions);
  number(json, "incompatibilities", figures.incompatibilities);
  number(json, "metadata", figures.metadata);
  number(json, "pages", figures.pages);
  number(json, "requests", figures.requests);
  if (report.timings) {
    json.key("seconds");
    json.real(figures.seconds);
  }
  number(json, "units_included", figures.units_included);
  number(json, "units_total", figures.units_total);
  number(json, "versions_visited", figures.versions_visited);
  json.end_object();
}

void inputs(Json& json, const std::vector<Input>& inputs) {
  json.key("inputs");
  json.begin_array();
  for (const Input& input : inputs) {
    json.begin_object();
    json.one_line();
    text(json, "digest", input.digest);
    text(json, "path", input.path);
    json.end_object();
    json.resume_lines();
  }
  json.end_array();
}

// About what the text will take, so that it is never moved while it grows.
std::size_t expected_size(const Report& report) {
  std::size_t size = 4096 + report.explanation.size() * 2;
  for (const Product& product : report.products) {
    size += product.advised_manifest_changes.size() + product.justification.size() * 512;
    for (const Package& package : product.lock.packages) {
      size += 320 + package.index.size() + package.dependencies.size() * 24;
      for (const Artifact& artifact : package.artifacts)
        size += 160 + artifact.filename.size() + artifact.url.size();
    }
  }
  return size;
}

}  // namespace

std::string report_json(const Report& report) {
  Json json(expected_size(report));
  json.begin_object();
  json.key("degraded");
  json.boolean(report.degraded);
  json.key("errors");
  json.begin_array();
  for (const ReportError& error : report.errors) fault(json, error);
  json.end_array();
  json.key("exit_code");
  json.number(report.exit_code);
  json.key("explanation");
  json.url(report.explanation);
  inputs(json, report.inputs);
  text(json, "outcome", outcome_name(report.outcome));
  json.key("products");
  json.begin_array();
  for (const Product& each : report.products) product(json, each);
  json.end_array();
  text(json, "schema", "seshat.report/1");
  search(json, report);
  entries(json, "stack_info", report.stack_info);
  statistics(json, report);
  target(json, report);
  json.end_object();
  std::string out = std::move(json).take();
  out.push_back('\n');
  return out;
}

}  // namespace plugin

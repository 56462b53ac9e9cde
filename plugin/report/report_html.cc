// The report as one HTML page: self-contained, without scripts, so that it can lie in an image or
// be a build's artifact.
#include <fmt/format.h>

#include <algorithm>

#include "plugin/report/dependency_graph.h"
#include "plugin/report/markup.h"
#include "plugin/report/report.h"

namespace plugin {
namespace {

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--error:#c62828;--warning:#b26a00;--info:#1565c0}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.file{font-size:.85em;word-break:break-all}pre{background:var(--soft);padding:1rem;white-space:pre-wrap}
.direct td:first-child{font-weight:600}ul.notes{list-style:none;padding:0}ul.notes li{margin:.4rem 0;padding-left:.6rem;border-left:4px solid var(--line)}
li.error{border-color:var(--error)!important}li.warning{border-color:var(--warning)!important}li.info{border-color:var(--info)!important}
.graph{overflow:auto;max-height:80vh;border:1px solid var(--line)}svg text{font:12px system-ui,sans-serif;fill:currentColor}
svg rect{fill:var(--soft);stroke:var(--line)}svg .direct rect{stroke:currentColor;stroke-width:1.5}svg .edge{fill:none;stroke:var(--line)}
)";

std::string class_of(const std::string& type) {
  return type == "ERROR" ? "error" : type == "WARNING" ? "warning" : "info";
}

void append_entries(std::string& out, std::string_view heading,
                    const std::vector<ReportEntry>& entries) {
  if (entries.empty()) return;
  out += fmt::format("<h2>{}</h2>\n<ul class=\"notes\">\n", heading);
  for (const ReportEntry& entry : entries) {
    out += fmt::format("<li class=\"{}\"><strong>{}</strong> ", class_of(entry.type),
                       escaped(entry.type));
    if (entry.package_name) out += "<code>" + escaped(*entry.package_name) + "</code> ";
    out += escaped(entry.message);
    if (!entry.link.empty()) out += " " + anchor(entry.link);
    out += "</li>\n";
  }
  out += "</ul>\n";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + escaped(part);
  return out;
}

void append_product(std::string& out, const Product& product) {
  out += fmt::format("<h2>{} packages</h2>\n", product.lock.packages.size());
  if (product.score != 0) {
    out += fmt::format("<p>Score {:.3f}{}</p>\n", product.score,
                       product.optimal ? ", proven to be the best" : "");
  }
  out +=
      "<table>\n<thead><tr><th>Package</th><th>Version</th><th>File</th><th>Needed "
      "by</th></tr></thead>\n<tbody>\n";
  for (const resolver::lock::Package& package : product.lock.packages) {
    const std::string file =
        package.artifacts.empty() ? "" : escaped(package.artifacts.front().filename);
    out += fmt::format("<tr{}><td>{}</td><td>{}</td><td class=\"file\">{}</td><td>{}</td></tr>\n",
                       package.direct ? " class=\"direct\"" : "", escaped(package.name.str()),
                       escaped(package.version.str()), file, joined(package.required_by));
  }
  out += "</tbody>\n</table>\n";
  append_entries(out, "Why", sorted_justification(product.justification));
  if (product.lock.packages.empty()) return;
  out += "<h2>Dependencies</h2>\n<div class=\"graph\">\n" + dependency_graph(product.lock) +
         "</div>\n";
}

void append_explanation(std::string& out, std::string_view explanation) {
  if (explanation.empty()) return;
  out += "<h2>Explanation</h2>\n<pre>";
  while (!explanation.empty()) {
    const std::size_t end = std::min(explanation.find('\n'), explanation.size());
    out += escaped(explanation.substr(0, end)) + "\n";
    explanation.remove_prefix(std::min(end + 1, explanation.size()));
  }
  out += "</pre>\n";
}

void append_errors(std::string& out, const std::vector<ReportError>& errors) {
  if (errors.empty()) return;
  out += "<h2>Errors</h2>\n<ul class=\"notes\">\n";
  for (const ReportError& error : errors) {
    out += "<li class=\"error\">";
    if (!error.file.empty())
      out += fmt::format("<code>{}:{}:{}</code> ", escaped(error.file), error.line, error.column);
    out += escaped(error.message) + "</li>\n";
  }
  out += "</ul>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  const std::string_view title = title_of(report.outcome);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Seshat: "
      "{}</title>\n<style>{}</style>\n</head>\n"
      "<body>\n<h1>{}</h1>\n",
      title, kStyle, title);
  if (report.target) {
    out += "<p>Python " + escaped(report.target->python.str());
    if (!report.target->platforms.empty())
      out += " on " + escaped(report.target->platforms.front());
    if (!report.target->root.empty())
      out += " in <code>" + escaped(report.target->root) + "</code>";
    out += "</p>\n";
  }
  if (report.degraded)
    out += "<p><strong>Degraded</strong>: stopped early, the best found so far.</p>\n";
  append_errors(out, report.errors);
  append_explanation(out, report.explanation);
  append_entries(out, "Notes", report.stack_info);
  for (const Product& product : report.products) append_product(out, product);
  if (report.history && !report.history->points.empty())
    out += "<h2>Search</h2>\n" + history_svg(*report.history);
  return out + "</body>\n</html>\n";
}

}  // namespace plugin

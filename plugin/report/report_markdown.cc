// The report as Markdown: for a comment on a change, or a job's summary page.
#include <fmt/format.h>

#include <algorithm>

#include "plugin/report/report.h"
#include "plugin/report/terminal_text.h"

namespace plugin {
namespace {

// Text that can't become markup, or leave its cell of a table.
std::string plain(std::string_view raw) {
  std::string out;
  for (const char c : printable(raw)) {
    if (std::string_view("\\`*_{}[]<>#|~!").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// Only web links, and nothing that would end the parentheses.
std::string link(std::string_view url) {
  const std::string clean = printable(url);
  const bool web = clean.starts_with("https://") || clean.starts_with("http://");
  if (!web || clean.find_first_of(" ()<>\"\\") != std::string::npos)
    return clean.empty() ? "" : " " + plain(clean);
  return " [link](" + clean + ")";
}

void append_entries(std::string& out, const std::vector<ReportEntry>& entries) {
  for (const ReportEntry& entry : entries) {
    out += "- **" + plain(entry.type) + "** ";
    if (entry.package_name) out += "`" + printable(*entry.package_name) + "`: ";
    out += plain(entry.message) + link(entry.link) + "\n";
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + plain(part);
  return out;
}

void append_product(std::string& out, const Product& product) {
  out += fmt::format("\n{} packages", product.lock.packages.size());
  if (product.score != 0)
    out += fmt::format(", score {:.3f}{}", product.score, product.optimal ? " (proven best)" : "");
  out += "\n\n| package | version | file | needed by |\n| --- | --- | --- | --- |\n";
  for (const resolver::lock::Package& package : product.lock.packages) {
    const std::string file =
        package.artifacts.empty() ? "" : plain(package.artifacts.front().filename);
    const std::string why =
        package.required_by.empty() && package.direct ? "required" : joined(package.required_by);
    out += fmt::format("| {} | {} | {} | {} |\n", plain(package.name.str()),
                       plain(package.version.str()), file, why);
  }
  if (product.justification.empty()) return;
  out += "\n### Why\n\n";
  append_entries(out, sorted_justification(product.justification));
}

}  // namespace

std::string report_markdown(const Report& report) {
  std::string out = fmt::format("## Seshat: {}\n", title_of(report.outcome));
  if (report.target) {
    out += fmt::format("\nPython {}", plain(report.target->python.str()));
    if (!report.target->platforms.empty()) out += " on " + plain(report.target->platforms.front());
    if (!report.target->root.empty()) out += " in " + plain(report.target->root);
    out += "\n";
  }
  if (report.degraded) out += "\n**Degraded**: stopped early, the best found so far.\n";
  for (const Product& product : report.products) append_product(out, product);
  if (!report.explanation.empty()) {
    // Indented by four spaces it is shown as it is, whatever it holds.
    out += "\n### Explanation\n\n";
    std::string_view text = report.explanation;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      out += "    " + printable(text.substr(0, end)) + "\n";
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  if (!report.errors.empty()) out += "\n### Errors\n\n";
  for (const ReportError& error : report.errors) {
    out += "- ";
    if (!error.file.empty())
      out += "`" + printable(error.file) + fmt::format(":{}:{}`: ", error.line, error.column);
    out += plain(error.message) + "\n";
  }
  if (!report.stack_info.empty()) out += "\n### Notes\n\n";
  append_entries(out, report.stack_info);
  return out;
}

}  // namespace plugin

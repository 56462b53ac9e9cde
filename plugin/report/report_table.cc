// The report for a person at a terminal: what was decided, why, and what to know about it. Colour
// only repeats what the words say.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plugin/report/report.h"
#include "plugin/report/terminal_text.h"

namespace plugin {
namespace {

using resolver::lock::Artifact;
using resolver::lock::Package;

constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kGap = 2;

struct Row {
  std::string name;
  std::string version;
  std::string file;
  std::string why;
  bool direct = false;
};

// "wheel manylinux_2_17_x86_64", "wheel any", "source".
std::string artifact_kind(const Package& package) {
  if (package.artifacts.empty()) return "-";
  const Artifact& best = package.artifacts.front();
  if (!best.wheel) return "source";
  std::string_view name = best.filename;
  if (name.ends_with(".whl")) name.remove_suffix(4);
  const std::string_view platforms = name.substr(name.rfind('-') + 1);
  return "wheel " + std::string(platforms.substr(0, platforms.find('.')));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string why(const Package& package) {
  if (!package.required_by.empty()) return joined(package.required_by);
  return package.direct ? "required" : "";
}

std::vector<Row> rows_of(const std::vector<Package>& packages) {
  std::vector<Row> rows;
  rows.reserve(packages.size());
  for (const Package& package : packages) {
    std::string name = package.name.str();
    if (!package.extras.empty()) {
      name += "[";
      for (const pep::Name& extra : package.extras)
        name += (name.ends_with('[') ? "" : ",") + extra.str();
      name += "]";
    }
    rows.push_back({printable(name), package.version.str(), printable(artifact_kind(package)),
                    printable(why(package)), package.direct});
  }
  return rows;
}

std::string padded(const std::string& text, std::size_t width) {
  std::string cell = clipped(text, width);
  cell.append(width - std::min(width, columns(cell)), ' ');
  return cell;
}

// Widths of the four columns: each as wide as its widest cell, then cut from the most patient one
// until all fit.
std::array<std::size_t, 4> widths_of(const std::vector<Row>& rows, std::size_t width) {
  std::array<std::size_t, 4> widths = {7, 7, 4, 9};  // of the headings
  for (const Row& row : rows) {
    widths[0] = std::max(widths[0], columns(row.name));
    widths[1] = std::max(widths[1], columns(row.version));
    widths[2] = std::max(widths[2], columns(row.file));
    widths[3] = std::max(widths[3], columns(row.why));
  }
  constexpr std::array<std::size_t, 4> kLeast = {16, 8, 6, 10};
  for (const std::size_t column : {3U, 2U, 0U, 1U}) {
    const std::size_t total = widths[0] + widths[1] + widths[2] + widths[3] + 3 * kGap + 2;
    if (total <= width) break;
    const std::size_t room = widths[column] > kLeast[column] ? widths[column] - kLeast[column] : 0;
    widths[column] -= std::min(room, total - width);
  }
  return widths;
}

void append_rows(std::string& out, const std::vector<Package>& packages, const TableStyle& style,
                 std::size_t width) {
  const std::vector<Row> rows = rows_of(packages);
  const auto widths = widths_of(rows, width);
  const auto line = [&](const Row& row, std::string_view code) {
    const std::string name = padded(row.name, widths[0]);
    std::string text = "  " + (code.empty() ? name : colored(name, code, style.color)) + "  " +
                       padded(row.version, widths[1]) + "  " + padded(row.file, widths[2]) + "  " +
                       clipped(row.why, widths[3]);
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  };
  line({"package", "version", "file", "needed by", false}, "2");
  for (const Row& row : rows) line(row, row.direct ? "1" : "");
}

std::string_view color_of(std::string_view type) {
  if (type == "ERROR") return "1;31";
  if (type == "WARNING") return "1;33";
  return "36";
}

int rank_of(const ReportEntry& entry) {
  return entry.type == "ERROR" ? 0 : entry.type == "WARNING" ? 1 : 2;
}

// "WARNING  pillow: message" with the rest of the message and the link indented under it; worst
// first.
void append_entries(std::string& out, std::vector<ReportEntry> entries, const TableStyle& style,
                    std::size_t width) {
  std::ranges::stable_sort(entries, {}, rank_of);
  for (const ReportEntry& entry : entries) {
    const std::string label = fmt::format("{:<9}", printable(entry.type));
    std::string text =
        entry.package_name ? *entry.package_name + ": " + entry.message : entry.message;
    bool first = true;
    for (const std::string& line : wrapped(text, width - label.size())) {
      out += first ? colored(label, color_of(entry.type), style.color)
                   : std::string(label.size(), ' ');
      out += line + "\n";
      first = false;
    }
    if (!entry.link.empty()) out += std::string(label.size(), ' ') + printable(entry.link) + "\n";
  }
}

std::string target_line(const Report& report) {
  if (!report.target) return {};
  const rpmenv::Target& target = *report.target;
  std::string line = fmt::format("Python {}", target.python.str());
  if (!target.platforms.empty()) line += " on " + target.platforms.front();
  if (!target.root.empty()) line += " in " + target.root;
  return printable(line);
}

void append_product(std::string& out, const Report& report, const Product& product,
                    const TableStyle& style, std::size_t width) {
  const std::size_t count = product.lock.packages.size();
  std::string head =
      fmt::format("{} package{} for {}", count, count == 1 ? "" : "s", target_line(report));
  if (!report.target) head = fmt::format("{} package{}", count, count == 1 ? "" : "s");
  if (product.score != 0)
    head += fmt::format(", score {:.3f}{}", product.score, product.optimal ? " (proven best)" : "");
  out += colored(head, "1", style.color) + "\n";
  if (count > 0) append_rows(out, product.lock.packages, style, width);
  std::vector<ReportEntry> notes = sorted_justification(product.justification);
  if (!notes.empty()) out += "\n";
  append_entries(out, std::move(notes), style, width);
}

void append_failure(std::string& out, const Report& report, const TableStyle& style,
                    std::size_t width) {
  if (const std::string target = target_line(report); !target.empty()) {
    out += colored("No lock for " + target, "1", style.color) + "\n";
  }
  for (const std::string& line : wrapped(report.explanation, width)) {
    if (!line.empty() || !report.explanation.empty()) out += line + "\n";
  }
}

}  // namespace

std::string report_table(const Report& report, const TableStyle& style) {
  const std::size_t width =
      std::max(static_cast<std::size_t>(std::max(style.width, 0)), kNarrowest);
  std::string out;
  for (const Product& product : report.products) {
    if (!out.empty()) out += "\n";
    append_product(out, report, product, style, width);
  }
  if (report.outcome != Outcome::kLocked) append_failure(out, report, style, width);
  if (!report.stack_info.empty() && !out.empty()) out += "\n";
  append_entries(out, report.stack_info, style, width);
  if (report.degraded)
    out += colored("WARNING  ", "1;33", style.color) + "stopped early: the best found so far\n";
  return out;
}

}  // namespace plugin

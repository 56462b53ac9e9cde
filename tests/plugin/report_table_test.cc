// The report on a terminal and as Markdown.
#include <gtest/gtest.h>

#include <sstream>

#include "plugin/report/report.h"
#include "plugin/report/terminal_text.h"

namespace plugin {
namespace {

resolver::lock::Package package(std::string name, std::string version, std::string file,
                                std::vector<std::string> by) {
  resolver::lock::Package package;
  package.name = pep::Name::of(name);
  package.version = *pep::Version::parse(version);
  package.required_by = std::move(by);
  package.direct = package.required_by.empty() || package.required_by[0].starts_with("-r");
  resolver::lock::Artifact artifact;
  artifact.filename = std::move(file);
  artifact.wheel = artifact.filename.ends_with(".whl");
  package.artifacts = {artifact};
  return package;
}

Report locked() {
  Report report;
  report.outcome = Outcome::kLocked;
  rpmenv::Target target;
  target.python = *pep::Version::parse("3.11.2");
  target.platforms = {"manylinux_2_36_x86_64"};
  report.target = target;
  Product product;
  product.lock.packages = {
      package("click", "8.1.7", "click-8.1.7-py3-none-any.whl", {"flask"}),
      package("flask", "3.0.3", "flask-3.0.3.tar.gz", {"-r requirements.in"}),
      package("numpy", "2.0.1",
              "numpy-2.0.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", {}),
  };
  product.justification = {{.type = "INFO", .message = "fine"},
                           {.type = "WARNING",
                            .message = "is slow",
                            .link = "https://l.example/x",
                            .package_name = "numpy"}};
  report.products = {product};
  return report;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

TEST(ReportTable, ShowsWhatWasDecidedAndWhy) {
  EXPECT_EQ(report_table(locked(), {}),
            "3 packages for Python 3.11.2 on manylinux_2_36_x86_64\n"
            "  package  version  file                         needed by\n"
            "  click    8.1.7    wheel any                    flask\n"
            "  flask    3.0.3    source                       -r requirements.in\n"
            "  numpy    2.0.1    wheel manylinux_2_17_x86_64  required\n"
            "\n"
            "WARNING  numpy: is slow\n"
            "         https://l.example/x\n"
            "INFO     fine\n");
}

TEST(ReportTable, FitsItsWidth) {
  Report report = locked();
  report.products[0].lock.packages[0].required_by.assign(50, "something-long");
  for (const int width : {40, 60, 80, 120}) {
    for (const std::string& line : lines(report_table(report, {.color = false, .width = width}))) {
      if (line.find("manylinux_2_36") != std::string::npos) continue;  // the heading is not cut
      EXPECT_LE(columns(line), static_cast<std::size_t>(width)) << line;
    }
  }
}

TEST(ReportTable, ColourChangesNoWord) {
  std::string colored = report_table(locked(), {.color = true, .width = 100});
  EXPECT_NE(colored.find('\x1b'), std::string::npos);
  std::string plain;
  for (std::size_t at = 0; at < colored.size(); ++at) {
    if (colored[at] == '\x1b') {
      at = colored.find('m', at);
    } else {
      plain.push_back(colored[at]);
    }
  }
  EXPECT_EQ(plain, report_table(locked(), {}));
}

TEST(ReportTable, ExplainsAFailure) {
  Report report = locked();
  report.outcome = Outcome::kNoSolution;
  report.products.clear();
  report.explanation =
      "Because flask needs click and no click fits, flask can't be used.\n  And so on.";
  report.stack_info = {{.type = "INFO", .message = "Ask for less."},
                       {.type = "ERROR", .message = "no version fits", .package_name = "flask"}};
  EXPECT_EQ(report_table(report, {.color = false, .width = 50}),
            "No lock for Python 3.11.2 on manylinux_2_36_x86_64\n"
            "Because flask needs click and no click fits, flask\n"
            "can't be used.\n"
            "  And so on.\n"
            "\n"
            "ERROR    flask: no version fits\n"
            "INFO     Ask for less.\n");
}

TEST(ReportTable, NothingActsOnTheTerminal) {
  Report report = locked();
  report.products[0].justification[0].message = "x\x1b[31m";
  report.products[0].lock.packages[0].required_by = {"a\x1b[2J"};
  EXPECT_EQ(report_table(report, {}).find('\x1b'), std::string::npos);
}

TEST(ReportMarkdown, IsATable) {
  const std::string text = report_markdown(locked());
  EXPECT_NE(text.find("## Seshat: Locked\n"), std::string::npos);
  EXPECT_NE(text.find("| flask | 3.0.3 | flask-3.0.3.tar.gz | -r requirements.in |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("- **WARNING** `numpy`: is slow [link](https://l.example/x)\n"),
            std::string::npos)
      << text;
}

TEST(ReportMarkdown, TextIsNoMarkup) {
  Report report = locked();
  report.products[0].justification = {
      {.type = "INFO", .message = "<script>|`*", .link = "javascript:alert(1)"}};
  const std::string text = report_markdown(report);
  EXPECT_NE(text.find("\\<script\\>\\|\\`\\*"), std::string::npos) << text;
  EXPECT_EQ(text.find("](javascript"), std::string::npos);
}

TEST(TerminalText, MeasuresAndCuts) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("e\xCC\x81"), 1U);
  EXPECT_EQ(columns("\xE6\x97\xA5"), 2U);
  EXPECT_EQ(clipped("abcdef", 4), "abc…");
  EXPECT_EQ(clipped("abc", 3), "abc");
  EXPECT_EQ(wrapped("a bb ccc", 4), (std::vector<std::string>{"a bb", "ccc"}));
  EXPECT_EQ(wrapped("aaaaaaaa b", 4), (std::vector<std::string>{"aaaaaaaa", "b"}));
  EXPECT_EQ(wrapped("a\n\n  b", 9), (std::vector<std::string>{"a", "", "  b"}));
}

}  // namespace
}  // namespace plugin

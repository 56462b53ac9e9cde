// SARIF and HTML: for machines and browsers that take no excuses.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugin/report/dependency_graph.h"
#include "plugin/report/report.h"

namespace plugin {
namespace {

Report hostile() {
  Report report;
  report.outcome = Outcome::kNotAcceptable;
  report.inputs = {{"my requirements.in", "sha256:0"}};
  report.errors = {
      {.code = "malformed", .message = "no <b>", .file = "a&b.in", .line = 3, .column = 7}};
  report.explanation = "</pre><script>alert(1)</script>";
  report.stack_info = {{.type = "ERROR",
                        .message = "\"x\" & y",
                        .link = "javascript:alert(1)",
                        .package_name = "p",
                        .unit = "t.Unit"},
                       {.type = "INFO",
                        .message = "see",
                        .link = "https://l.example/?a=1&b='",
                        .package_name = "q"}};
  return report;
}

Report locked(std::size_t packages) {
  Report report;
  report.outcome = Outcome::kLocked;
  Product product;
  for (std::size_t i = 0; i < packages; ++i) {
    resolver::lock::Package package;
    package.name = pep::Name::of("p" + std::to_string(i));
    package.direct = i == 0;
    if (2 * i + 2 < packages)
      package.dependencies = {pep::Name::of("p" + std::to_string(2 * i + 1)),
                              pep::Name::of("p" + std::to_string(2 * i + 2))};
    if (i + 1 == packages) package.dependencies = {pep::Name::of("p0")};  // a cycle
    product.lock.packages.push_back(package);
  }
  report.products = {product};
  return report;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

TEST(ReportSarif, SaysWhatIsWrongWhere) {
  const auto json = nlohmann::json::parse(report_sarif(hostile()));
  EXPECT_EQ(json["version"], "2.1.0");
  const auto& run = json["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["name"], "seshat");
  ASSERT_EQ(run["results"].size(), 3U);
  const auto& first = run["results"][0];
  EXPECT_EQ(first["level"], "error");
  EXPECT_EQ(first["ruleId"], "malformed");
  const auto& place = first["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "a%26b.in");
  EXPECT_EQ(place["region"]["startLine"], 3);
  EXPECT_EQ(place["region"]["startColumn"], 7);
  EXPECT_EQ(run["results"][1]["ruleId"], "t.Unit");
  EXPECT_EQ(run["results"][2]["level"], "note");
  EXPECT_EQ(run["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "my%20requirements.in");
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 3U);
}

TEST(ReportHtml, TextIsNoMarkup) {
  const std::string page = report_html(hostile());
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_EQ(page.find("href=\"javascript"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("href=\"https://l.example/?a=1&amp;b=&#39;\""), std::string::npos);
}

TEST(ReportHtml, NeedsNothingElse) {
  const std::string page = report_html(locked(7));
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const char* part : {"<link", "<img", "<script", "@import", "url("})
    EXPECT_EQ(page.find(part), std::string::npos) << part;
}

TEST(DependencyGraph, DrawsEveryPackageAndEveryNeed) {
  const std::string svg = dependency_graph(locked(7).products[0].lock);
  EXPECT_EQ(count(svg, "<rect"), 7U);
  EXPECT_EQ(count(svg, "<path"), 7U);
  EXPECT_EQ(count(svg, "class=\"direct\""), 1U);
  EXPECT_EQ(svg, dependency_graph(locked(7).products[0].lock));
}

TEST(DependencyGraph, TakesLocksOfAnyShape) {
  EXPECT_NE(dependency_graph({}).find("<svg"), std::string::npos);
  EXPECT_EQ(count(dependency_graph(locked(600).products[0].lock), "<rect"), 600U);
  resolver::lock::Lock cycle = locked(3).products[0].lock;
  for (auto& package : cycle.packages) package.direct = false;
  EXPECT_EQ(count(dependency_graph(cycle), "<rect"), 3U);
}

}  // namespace
}  // namespace plugin

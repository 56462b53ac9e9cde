// The JSON report: its shape is a contract (schema seshat.report/1).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugin/report/json.h"
#include "plugin/report/report.h"

namespace plugin {
namespace {

Report locked() {
  Report report;
  report.outcome = Outcome::kLocked;
  report.exit_code = 0;
  rpmenv::Target target;
  target.python = *pep::Version::parse("3.11.2");
  target.abi = "cp311";
  target.platforms = {"manylinux_2_36_x86_64", "linux_x86_64"};
  target.root = "/";
  report.target = target;
  report.facts_digest = "sha256:00";
  report.inputs = {{"requirements.in", "sha256:11"}};
  Product product;
  product.score = 1;
  resolver::lock::Package flask;
  flask.name = pep::Name::of("flask");
  flask.version = *pep::Version::parse("3.0.3");
  flask.index = "https://u:word@pypi.example/simple";
  flask.direct = true;
  flask.dependencies = {pep::Name::of("click")};
  resolver::lock::Artifact wheel;
  wheel.filename = "flask-3.0.3-py3-none-any.whl";
  wheel.url = "https://u:word@files.example/flask-3.0.3-py3-none-any.whl?token=word";
  wheel.sha256 = std::string(64, 'a');
  wheel.size = 101817;
  flask.artifacts = {wheel};
  product.lock.packages = {flask};
  product.justification = {{.type = "WARNING",
                            .message = "b",
                            .link = "https://l.example/",
                            .package_name = "flask",
                            .unit = "t.Unit"},
                           {.type = "INFO", .message = "c", .package_name = "flask"},
                           {.type = "INFO", .message = "a"}};
  report.products = {product};
  return report;
}

nlohmann::json parsed(const Report& report) { return nlohmann::json::parse(report_json(report)); }

void expect_sorted(const nlohmann::ordered_json& value) {
  std::string before;
  for (const auto& [key, child] : value.items()) {
    if (value.is_object()) {
      EXPECT_LT(before, key);
      before = key;
    }
    if (child.is_structured()) expect_sorted(child);
  }
}

TEST(ReportJson, HasEveryKeyOfTheSchema) {
  const auto json = parsed(locked());
  EXPECT_EQ(json["schema"], "seshat.report/1");
  EXPECT_EQ(json["outcome"], "locked");
  EXPECT_EQ(json["exit_code"], 0);
  EXPECT_EQ(json["degraded"], false);
  EXPECT_EQ(json["explanation"], "");
  EXPECT_EQ(json["inputs"][0]["path"], "requirements.in");
  EXPECT_EQ(json["target"]["python"]["version"], "3.11.2");
  EXPECT_EQ(json["target"]["python"]["abi"], "cp311");
  EXPECT_EQ(json["target"]["python"]["implementation"], "cpython");
  EXPECT_EQ(json["target"]["platform"].size(), 2U);
  EXPECT_EQ(json["target"]["root"], "/");
  EXPECT_EQ(json["target"]["facts_digest"], "sha256:00");
  const auto& package = json["products"][0]["packages"][0];
  EXPECT_EQ(package["name"], "flask");
  EXPECT_EQ(package["version"], "3.0.3");
  EXPECT_EQ(package["direct"], true);
  EXPECT_EQ(package["develop"], false);
  EXPECT_EQ(package["extras"].size(), 0U);
  EXPECT_EQ(package["dependencies"][0], "click");
  EXPECT_EQ(package["artifacts"][0]["hashes"]["sha256"], std::string(64, 'a'));
  EXPECT_EQ(package["artifacts"][0]["size"], 101817);
  for (const char* key : {"pages", "metadata", "versions_visited", "requests", "bytes", "decisions",
                          "conflicts", "incompatibilities", "units_included", "units_total"}) {
    EXPECT_TRUE(json["statistics"][key].is_number_unsigned()) << key;
  }
  for (const char* key :
       {"seed", "episodes", "best_episode", "iterations", "accepted", "rejected"}) {
    EXPECT_TRUE(json["search"][key].is_number_unsigned()) << key;
  }
  EXPECT_EQ(json["search"]["predictor"], "latest");
  EXPECT_FALSE(json["search"].contains("seconds"));
}

TEST(ReportJson, SortsKeysAndEndsWithANewline) {
  const std::string text = report_json(locked());
  expect_sorted(nlohmann::ordered_json::parse(text));
  EXPECT_TRUE(text.ends_with("}\n"));
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(ReportJson, SortsTheJustification) {
  const auto entries = parsed(locked())["products"][0]["justification"];
  EXPECT_EQ(entries[0]["message"], "a");
  EXPECT_EQ(entries[1]["message"], "c");
  EXPECT_EQ(entries[2]["message"], "b");
  EXPECT_TRUE(entries[0]["unit"].is_null());
  EXPECT_EQ(entries[2]["unit"], "t.Unit");
  EXPECT_EQ(entries[2]["link"], "https://l.example/");
  EXPECT_FALSE(entries[0].contains("package_name"));
}

TEST(ReportJson, HidesCredentials) {
  const std::string text = report_json(locked());
  EXPECT_EQ(text.find("word"), std::string::npos);
  EXPECT_NE(text.find("\"https://****@pypi.example/simple\""), std::string::npos);
}

TEST(ReportJson, AScoreIsAlwaysReal) {
  EXPECT_NE(report_json(locked()).find("\"score\": 1.0"), std::string::npos);
}

TEST(ReportJson, AFailureHasNoProduct) {
  Report report;
  report.outcome = Outcome::kNoSolution;
  report.exit_code = 4;
  report.explanation = "because\nof \"this\"";
  report.errors = {
      {.code = "no_solution", .message = "none", .file = "r.in", .line = 3, .column = 7},
      {.code = "x", .message = "y", .file = {}}};
  report.stack_info = {{.type = "ERROR", .message = "m", .package_name = "p"}};
  const auto json = parsed(report);
  EXPECT_EQ(json["outcome"], "no_solution");
  EXPECT_TRUE(json["products"].empty());
  EXPECT_TRUE(json["target"].is_null());
  EXPECT_EQ(json["explanation"], report.explanation);
  EXPECT_EQ(json["errors"][0]["line"], 3);
  EXPECT_EQ(json["errors"][0]["column"], 7);
  EXPECT_EQ(json["errors"][0]["file"], "r.in");
  EXPECT_TRUE(json["errors"][1]["line"].is_null());
  EXPECT_EQ(json["stack_info"][0]["package_name"], "p");
}

TEST(ReportJson, TimingsAreThereWhenAskedFor) {
  Report report = locked();
  report.timings = true;
  report.search.seconds = 0.25;
  EXPECT_EQ(parsed(report)["search"]["seconds"], 0.25);
  EXPECT_EQ(parsed(report)["statistics"]["seconds"], 0.0);
}

std::string text_of(std::string_view value) {
  Json json;
  json.text(value);
  return std::move(json).take();
}

TEST(Json, EscapesWhatItMust) {
  EXPECT_EQ(text_of("plain text of more than eight bytes"),
            "\"plain text of more than eight bytes\"");
  EXPECT_EQ(text_of("a\"b\\c\n\t\x01\x7F"), "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"");
  EXPECT_EQ(text_of("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(text_of("caf\xE9!"), "\"caf\\udce9!\"");
  EXPECT_EQ(text_of("\xED\xA0\x80"), "\"\\udced\\udca0\\udc80\"");
}

TEST(Json, EveryByteAtEveryPlaceReadsBack) {
  for (int byte = 1; byte < 0x80; ++byte) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string value(20, 'x');
      value[place] = static_cast<char>(byte);
      ASSERT_EQ(nlohmann::json::parse(text_of(value)), value) << byte << " at " << place;
    }
  }
}

TEST(Json, WritesNumbers) {
  const auto real = [](double value) {
    Json json;
    json.real(value);
    return std::move(json).take();
  };
  EXPECT_EQ(real(0), "0.0");
  EXPECT_EQ(real(-0.0), "0.0");
  EXPECT_EQ(real(0.1), "0.1");
  EXPECT_EQ(real(-3), "-3.0");
  EXPECT_EQ(real(1e300), "1e+300");
  EXPECT_EQ(real(1.0 / 0.0), "null");
}

}  // namespace
}  // namespace plugin

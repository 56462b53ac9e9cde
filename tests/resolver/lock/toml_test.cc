// TOML 1.0: what is accepted and what it means, what is refused and where, and that hostile texts
// take no time.
#include <gtest/gtest.h>

#include "resolver/lock/canonical_json.h"
#include "resolver/lock/document.h"

namespace resolver::lock {
namespace {

std::string json_of(std::string_view text) {
  const auto source = SourceText::decode(std::string(text), "t");
  if (!source) return "undecodable";
  const auto document = parse_toml(*source);
  if (!document)
    return "error " + std::to_string(document.error().place->line) + ":" +
           std::to_string(document.error().place->column);
  std::string out;
  append_compact_json(out, *document);
  return out;
}

struct Row {
  const char* text;
  const char* json;
};

TEST(Toml, MeansWhatItSays) {
  const Row rows[] = {
      {"", "{}"},
      {"# only\n\n  # comments", "{}"},
      {"a = 1\r\nb = 'x' # why\r\n", R"({"a":1,"b":"x"})"},
      {"\"a b\".'c' . d-1_ = true", R"({"a b":{"c":{"d-1_":true}}})"},
      {"1.2 = 3", R"({"1":{"2":3}})"},
      {"a = [ 1, # one\n 2,\n]", R"({"a":[1,2]})"},
      {"a = [[], [{}]]", R"({"a":[[],[{}]]})"},
      {"a = { b.c = 1, b.d = [1,\n2], e = {} }", R"({"a":{"b":{"c":1,"d":[1,2]},"e":{}}})"},
      {"[a]\nx = 1\n[a.b]\ny = 2\n[c]", R"({"a":{"b":{"y":2},"x":1},"c":{}})"},
      {"[a.b]\ny = 2\n[a]\nx = 1", R"({"a":{"b":{"y":2},"x":1}})"},
      {"[[p]]\nn = 1\n[[p.q]]\nm = 1\n[[p.q]]\nm = 2\n[p.r]\nz = 1\n[[p]]\nn = 2",
       R"({"p":[{"n":1,"q":[{"m":1},{"m":2}],"r":{"z":1}},{"n":2}]})"},
      {"a.b = 1\na.c = 2\n[a.d]\ne = 3", R"({"a":{"b":1,"c":2,"d":{"e":3}}})"},
      {"a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"",
       R"({"a":"\b\t\n\f\r\"\\\u00e9\ud83d\ude00"})"},
      {"a = 'C:\\x'", R"({"a":"C:\\x"})"},
      {"a = \"\"\"\none\r\ntwo \\\n   three\"\"\"", R"({"a":"one\ntwo three"})"},
      {"a = \"\"\"x\"\"\"\"\"", R"({"a":"x\"\""})"},
      {"a = '''\nx'y''z'''", R"({"a":"x'y''z"})"},
      {"a = 1_000\nb = -17\nc = +3\nd = 0xDEAD_beef\ne = 0o17\nf = 0b11\ng = 0\nh = -0",
       R"({"a":1000,"b":-17,"c":3,"d":3735928559,"e":15,"f":3,"g":0,"h":0})"},
      {"a = 9223372036854775807\nb = -9223372036854775808",
       R"({"a":9223372036854775807,"b":-9223372036854775808})"},
      {"a = 1.5\nb = -2.25e-1\nc = 1e3", R"({"a":1.5,"b":-0.225,"c":1000.0})"},
      {"[ a . \"b\" ]\n", R"({"a":{"b":{}}})"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_of(row.text), row.json) << row.text;
}

struct TimeRow {
  const char* text;
  std::int64_t seconds;
};

TEST(Toml, ReadsTimes) {
  const TimeRow rows[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2024-02-29T12:00:00.123456+02:00", 1709200800},
      {"2024-02-29 12:00:00-00:30", 1709209800},
      {"1979-05-27t07:32:00z", 296638320},
      {"1969-12-31", -86400},
      {"0001-01-01T00:00:00Z", -62135596800},
      {"07:32:00", 27120},
      {"07:32:00.999999999999", 27120},
      {"1979-05-27T00:32:00.999999", 296613120},
  };
  for (const TimeRow& row : rows) {
    const auto source = SourceText::decode("a = " + std::string(row.text) + " # x", "t");
    const auto document = parse_toml(*source);
    ASSERT_TRUE(document) << row.text << document.error().what;
    EXPECT_EQ(document->find("a")->kind, Value::Kind::kTime);
    EXPECT_EQ(document->find("a")->integer, row.seconds) << row.text;
  }
}

TEST(Toml, RefusesWhatIsNone) {
  const Row rows[] = {
      {"a", "error 1:2"},
      {"a =", "error 1:4"},
      {"= 1", "error 1:1"},
      {"a = 1 b = 2", "error 1:7"},
      {"\na = 1\na = 2", "error 3:1"},
      {"[a]\n[a]", "error 2:1"},
      {"a = 1\n[a]", "error 2:1"},
      {"a = 1\n[a.b]", "error 2:1"},
      {"a.b = 1\n[a]", "error 2:1"},
      {"[a.b]\n[a]\nb.c = 1", "error 3:1"},
      {"a = {}\n[a.b]", "error 2:1"},
      {"a = {b.c = 1}\n[a.b.d]", "error 2:1"},
      {"a = {}\na.b = 1", "error 2:1"},
      {"a = [{}]\n[[a]]", "error 2:1"},
      {"[a]\n[[a]]", "error 2:1"},
      {"[[a]]\n[a]", "error 2:1"},
      {"[a.b]\n[[a]]", "error 2:1"},
      {"a = 1\na.b = 2", "error 2:1"},
      {"a = {b = 1, b = 2}", "error 1:13"},
      {"a = {b = 1,}", "error 1:12"},
      {"a = {b = 1\n}", "error 1:11"},
      {"a = { [", "error 1:7"},
      {"a = [1 2]", "error 1:8"},
      {"a = [1,,2]", "error 1:8"},
      {"a = [1", "error 1:7"},
      {"[a", "error 1:3"},
      {"[[a]", "error 1:5"},
      {"[]", "error 1:2"},
      {"[a]]", "error 1:4"},
      {"a..b = 1", "error 1:3"},
      {"a. = 1", "error 1:4"},
      {"a = \"x", "error 1:7"},
      {"a = \"x\ny\"", "error 1:7"},
      {"a = 'x\ny'", "error 1:7"},
      {"a = \"\\x\"", "error 1:7"},
      {"a = \"\\ud800\"", "error 1:7"},
      {"a = \"\\U00110000\"", "error 1:7"},
      {"a = \"\\u12\"", "error 1:7"},
      {"a = \"\x01\"", "error 1:6"},
      {"# \x7F", "error 1:3"},
      {"a = 1\rb = 2", "error 1:6"},
      {"\"\"\"a\"\"\" = 1", "error 1:1"},
      {"a = 01", "error 1:5"},
      {"a = 1__0", "error 1:5"},
      {"a = _1", "error 1:5"},
      {"a = 1_", "error 1:5"},
      {"a = 0x", "error 1:5"},
      {"a = 0xg", "error 1:5"},
      {"a = -0x1", "error 1:5"},
      {"a = 0b2", "error 1:5"},
      {"a = 1.", "error 1:5"},
      {"a = .5", "error 1:5"},
      {"a = 1.e5", "error 1:5"},
      {"a = 1e", "error 1:5"},
      {"a = 01.5", "error 1:5"},
      {"a = 9223372036854775808", "error 1:5"},
      {"a = truer", "error 1:5"},
      {"a = True", "error 1:5"},
      {"a = 2023-02-29", "error 1:5"},
      {"a = 2023-13-01", "error 1:5"},
      {"a = 2023-01-01T25:00:00Z", "error 1:5"},
      {"a = 2023-01-01T", "error 1:5"},
      {"a = 07:32", "error 1:5"},
      {"a = 07:32:00Z", "error 1:5"},
      {"a = 2023-01-01T00:00:00+1", "error 1:5"},
  };
  for (const Row& row : rows) EXPECT_EQ(json_of(row.text), row.json) << row.text;
}

TEST(Toml, KeepsTheOrderAndThePlaces) {
  const auto source = SourceText::decode("z = 1\n  a = \"x\"\n[m]\n", "t");
  const auto document = parse_toml(*source);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->members[0].name, "z");
  EXPECT_EQ(document->members[1].value.line, 2);
  EXPECT_EQ(document->members[1].value.column, 7);
  EXPECT_EQ(document->members[2].value.line, 3);
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

TEST(Toml, HostileTextsAreRefusedOrReadInNoTime) {
  EXPECT_EQ(json_of("a = " + repeated("[", 100000)).substr(0, 5), "error");
  EXPECT_EQ(json_of("a = " + repeated("{a=", 100000)).substr(0, 5), "error");
  EXPECT_EQ(json_of(repeated("a.", 100000) + "a = 1").substr(0, 5), "error");
  EXPECT_EQ(json_of("[" + repeated("a.", 100000) + "a]").substr(0, 5), "error");
  std::string keys;
  std::string headers;
  for (int i = 0; i < 20000; ++i) {
    keys += "k" + std::to_string(i) + " = 1\n";
    headers += "[a.k" + std::to_string(i) + "]\n";
  }
  EXPECT_EQ(json_of(keys).substr(0, 5), "{\"k0\"");
  EXPECT_EQ(json_of(keys + "k77 = 1\n").substr(0, 5), "error");
  EXPECT_EQ(json_of(headers).substr(0, 5), "{\"a\":");
  EXPECT_EQ(json_of(headers + "[a.k77]\n").substr(0, 5), "error");
}

}  // namespace
}  // namespace resolver::lock

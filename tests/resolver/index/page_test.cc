// Pages as text: HTML, JSON, and the record both become.
#include "resolver/index/simple_api.h"
#include "resolver/index/stored_page.h"
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kUrl = "https://pypi.example/simple/a/";

std::shared_ptr<PageView> read(const std::string& body, const std::string& type) {
  PageText text{.body = body, .content_type = type, .url = kUrl};
  PageBuilder builder(pep::Name::of("a"), "https://pypi.example/simple", kUrl);
  const auto read = read_page(text, builder);
  EXPECT_TRUE(read) << (read ? "" : read.error().what);
  return read ? PageView::own(builder.finish()) : nullptr;
}

std::shared_ptr<PageView> html(const std::string& body) {
  return read(body, "text/html; charset=utf-8");
}

std::shared_ptr<PageView> json_files(const std::string& files) {
  return read("{\"meta\":{\"api-version\":\"1.3\"},\"files\":[" + files + "],\"name\":\"a\"}",
              "application/vnd.pypi.simple.v1+json");
}

TEST(HtmlPage, IsReadHoweverItIsWritten) {
  const auto page = html(R"(<!DOCTYPE html><HTML><body><!-- <a href="a-9.0.tar.gz">no</a> -->
    <A Href = 'a-1.0.tar.gz' >x</A><a
      class=link href=a-2.0.tar.gz data-yanked>y</a><a href="/pool/a-3.0-py3-none-any.whl#md5=1&amp;sha256=short"/>
    <a name=top>top</a><a href="">none</a><a href="mailto:me">m</a>)");
  EXPECT_THAT(versions(*page), ElementsAre("1.0", "2.0", "3.0"));
  EXPECT_EQ(page->file(0).url, "https://pypi.example/simple/a/a-1.0.tar.gz");
  EXPECT_TRUE(page->file(1).yanked);
  EXPECT_EQ(page->file(2).url, "https://pypi.example/pool/a-3.0-py3-none-any.whl");
  EXPECT_FALSE(page->file(2).has_sha256);
}

TEST(HtmlPage, UnescapesEntitiesAndPercents) {
  const auto page =
      html(R"(<a href="a-1.0%2Blocal-py3-none-any.whl?x=1&amp;y=2#sha256=)" + std::string(64, 'A') +
           R"(" data-requires-python="&gt;=3.8, &#60;4" data-yanked="a &amp; &#x62; &unknown;">)");
  EXPECT_THAT(versions(*page), ElementsAre("1.0+local"));
  const File file = page->file(0);
  EXPECT_EQ(file.filename, "a-1.0+local-py3-none-any.whl");
  EXPECT_EQ(file.url, "https://pypi.example/simple/a/a-1.0%2Blocal-py3-none-any.whl?x=1&y=2");
  EXPECT_EQ(file.requires_python, ">=3.8, <4");
  EXPECT_EQ(file.yanked_reason, "a & b &unknown;");
  EXPECT_TRUE(file.has_sha256);
}

TEST(HtmlPage, FollowsItsBase) {
  const auto page = html(R"(<base href="https://files.example/x/"><a href="a-1.0.zip">a</a>)");
  EXPECT_EQ(page->file(0).url, "https://files.example/x/a-1.0.zip");
}

TEST(HtmlPage, KnowsMetadataFilesByBothNames) {
  const auto page = html(
      "<a href=a-1.0-py3-none-any.whl data-dist-info-metadata=true></a>"
      "<a href=a-2.0-py3-none-any.whl data-core-metadata='sha256=" +
      std::string(64, 'b') +
      "'></a>"
      "<a href=a-3.0-py3-none-any.whl data-core-metadata=false></a>");
  EXPECT_TRUE(page->file(0).has_core_metadata);
  EXPECT_FALSE(page->metadata_sha256(0));
  EXPECT_TRUE(page->metadata_sha256(1));
  EXPECT_FALSE(page->file(2).has_core_metadata);
}

TEST(HtmlPage, WithoutFilesIsAnEmptyPage) {
  EXPECT_EQ(html("<html><body><h1>Links for a</h1></body></html>")->version_count(), 0u);
}

TEST(JsonPage, LeavesOutFilesWithoutAUsableName) {
  const auto page = json_files(R"({"filename":"a-1.0.tar.gz","url":"u/a-1.0.tar.gz","hashes":{}},
    {"filename":"a-1.0-py3.8.egg","url":"u","hashes":{}},{"filename":"a-1.0.exe","url":"u","hashes":{}},
    {"filename":"b-1.0.tar.gz","url":"u","hashes":{}},{"filename":"a-one-py3-none-any.whl","url":"u","hashes":{}},
    {"filename":"a-2.0-py3-none.whl","url":"u","hashes":{}},{"filename":"a-2.0-x-py3-none-any.whl","url":"u"},
    {"filename":"a-3.0-1x-py3-none-any.whl","url":"u"},{"filename":7,"url":"u"},{"url":"u"},{})");
  EXPECT_THAT(filenames(*page), ElementsAre("a-1.0.tar.gz", "a-3.0-1x-py3-none-any.whl"));
}

TEST(JsonPage, TakesOddTypesForAbsent) {
  const auto page =
      json_files(R"({"filename":"a-1.0.tar.gz","url":"u/a-1.0.tar.gz","hashes":null,"size":"big",
    "upload-time":null,"requires-python":null,"yanked":null,"core-metadata":7,"other":{"deep":[1,{}]}})");
  const File file = page->file(0);
  EXPECT_FALSE(file.has_sha256);
  EXPECT_EQ(file.size, 0u);
  EXPECT_FALSE(file.yanked);
  EXPECT_THAT(std::string(file.requires_python), IsEmpty());
}

TEST(JsonPage, UnescapesStrings) {
  const auto page = json_files(
      R"({"filename":"a-1.0.tar.gz","url":"u\/a-1.0.tar.gz","yanked":"\u00e4 \"b\"\n"})");
  EXPECT_EQ(page->file(0).url, "https://pypi.example/simple/a/u/a-1.0.tar.gz");
  EXPECT_EQ(page->file(0).yanked_reason, "\u00e4 \"b\"\n");
}

TEST(Page, MergesSpellingsOfOneVersionAndSortsAsPep440) {
  const auto page =
      json_files(R"({"filename":"a-1.10.tar.gz","url":"x"},{"filename":"a-1.0.0.tar.gz","url":"x"},
    {"filename":"A-1.0-py3-none-any.whl","url":"x"},{"filename":"a-1.0rc1.tar.gz","url":"x"},{"filename":"a-1!0.1.zip","url":"x"},
    {"filename":"a-1.0.post1.zip","url":"x"},{"filename":"a-1.0+cpu-py3-none-any.whl","url":"x"})");
  EXPECT_THAT(versions(*page),
              ElementsAre("1.0rc1", "1.0", "1.0+cpu", "1.0.post1", "1.10", "1!0.1"));
  EXPECT_EQ(page->files(1).end - page->files(1).begin, 2u);
  for (std::uint32_t i = 0; i < page->version_count(); ++i) {
    EXPECT_EQ(page->version_key(i), page->version(i).key());
    for (std::uint32_t f = page->files(i).begin; f < page->files(i).end; ++f)
      EXPECT_EQ(page->version_of(f), i);
  }
}

TEST(Page, KeepsEachTripleOnce) {
  const auto page = json_files(
      R"({"filename":"a-1.0-py3-none-any.whl","url":"x"},{"filename":"a-2.0-py3-none-any.whl","url":"x"},
    {"filename":"a-2.0-cp312-abi3-linux_x86_64.whl","url":"x"},{"filename":"a-2.0.zip","url":"x"})");
  EXPECT_EQ(page->triple_count(), 2u);
  EXPECT_EQ(page->facts(0).triple_number, page->facts(1).triple_number);
  EXPECT_EQ(page->triple(page->facts(2).triple_number), "cp312-abi3-linux_x86_64");
  EXPECT_EQ(page->facts(3).triple, "");
}

TEST(Page, GivesNothingForNumbersItDoesNotHave) {
  const auto page = json_files("");
  EXPECT_EQ(page->version_count(), 0u);
  EXPECT_EQ(page->file(0).filename, "");
  EXPECT_EQ(page->files(3).end, 0u);
  EXPECT_EQ(page->version(1).str(), "0");
}

TEST(Time, IsReadToTheSecond) {
  EXPECT_EQ(parse_time("1970-01-02T00:00:01Z"), 86401);
  EXPECT_EQ(parse_time("2024-08-08T12:34:56.789012Z"), 1723120496);
  EXPECT_EQ(parse_time("2024-02-29T00:00:00Z"), 1709164800);
  EXPECT_EQ(parse_time("yesterday"), 0);
  EXPECT_EQ(parse_time(""), 0);
}

TEST(Freshness, FollowsTheServerThenTheOption) {
  EXPECT_EQ(expiry("max-age=60, public", true, 1000, 600), 1060);
  EXPECT_EQ(expiry("Max-Age=60", false, 1000, 600), 1060);
  EXPECT_EQ(expiry("max-age=60, no-cache", true, 1000, 600), 1000);
  EXPECT_EQ(expiry("", true, 1000, 600), 1000);
  EXPECT_EQ(expiry("", false, 1000, 600), 1600);
  EXPECT_EQ(expiry("max-age=-5", true, 1000, 600), 1000);
  EXPECT_EQ(expiry("max-age=99999999999999999999", true, 1000, 600), 1000 + 7 * 24 * 3600);
}

}  // namespace
}  // namespace resolver::index

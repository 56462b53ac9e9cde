// URLs, content codings and zip ends.
#include "resolver/index/fetch.h"
#include "resolver/index/url.h"
#include "resolver/index/wheel.h"
#include "tests/resolver/index/fixture.h"

namespace resolver::index {
namespace {

using ::testing::HasSubstr;

struct JoinCase {
  const char* reference;
  const char* expected;
};

TEST(Url, JoinsAsRfc3986) {
  constexpr const char* kBase = "https://h.example:8/simple/a/?x=1";
  for (const JoinCase& test : {JoinCase{"b.whl", "https://h.example:8/simple/a/b.whl"},
                               {"../../files/b.whl#sha256=1", "https://h.example:8/files/b.whl"},
                               {"../../../../b", "https://h.example:8/b"},
                               {"/b/./c/../d?q=/../", "https://h.example:8/b/d?q=/../"},
                               {"//other.example/b", "https://other.example/b"},
                               {"http://x.example/../b", "http://x.example/../b"},
                               {"?y=2", "https://h.example:8/simple/a/?y=2"},
                               {"", "https://h.example:8/simple/a/?x=1"},
                               {"..", "https://h.example:8/simple/"}}) {
    EXPECT_EQ(join_url(kBase, test.reference), test.expected) << test.reference;
  }
}

TEST(Url, HidesCredentials) {
  EXPECT_EQ(redacted("https://me:p%40ss@h.example/x@y"), "https://****@h.example/x@y");
  EXPECT_EQ(redacted("https://token@h.example"), "https://****@h.example");
  EXPECT_EQ(redacted("https://h.example/a@b"), "https://h.example/a@b");
  EXPECT_EQ(redacted("no url @ all"), "no url @ all");
  std::string url = "https://me:p%40s:s@h.example/x";
  const Credentials credentials = take_credentials(url);
  EXPECT_EQ(credentials.user, "me");
  EXPECT_EQ(credentials.password, "p@s:s");
  EXPECT_EQ(url, "https://h.example/x");
  EXPECT_EQ(origin_of(url), "https://h.example");
}

TEST(Url, KnowsLocalPlaces) {
  EXPECT_TRUE(is_local("/srv/wheels"));
  EXPECT_TRUE(is_local("wheels"));
  EXPECT_TRUE(is_local("file:///srv/a%20b"));
  EXPECT_FALSE(is_local("https://h.example/"));
  EXPECT_EQ(local_path("file:///srv/a%20b"), "/srv/a b");
  EXPECT_EQ(local_path("file://localhost/srv"), "/srv");
  EXPECT_EQ(file_url("/srv/a b"), "file:///srv/a%20b");
}

std::string repeated() {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "{\"files\":[]} ";
  return text;
}

const std::string kZstd(
    "\x28\xb5\x2f\xfd\x00\x68\xa5\x00\x00\x68\x7b\x22\x66\x69\x6c\x65\x73\x22\x3a\x5b\x5d\x7d\x20"
    "\x01\x00\x74\xa0\xe6"
    "\x17",
    29);
const std::string kBrotli = std::string(
    "\x1b\x03\x01\xf8\x8d\x94\x2e\x4b\x17\xa5\x88\xce\x5e\x83\x6c\x75\xf5\xa9\x49\x66\xab\x06\x40"
    "\xb1\x16\x93\x0d",
    27);

class Encoding : public ::testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(Encoding, IsUndoneAndBounded) {
  const auto& [name, body] = GetParam();
  const auto text = decode_body(body, name, 1 << 20, "u");
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, repeated());
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_body(body.substr(0, size), name, 1 << 20, "u")) << "cut at " << size;
  }
  const auto bomb = decode_body(body, name, 100, "u");
  ASSERT_FALSE(bomb);
  EXPECT_THAT(bomb.error().what, HasSubstr("larger than"));
}

INSTANTIATE_TEST_SUITE_P(All, Encoding,
                         ::testing::Values(std::pair("gzip", support::gzip(repeated())),
                                           std::pair("zstd", kZstd), std::pair("br", kBrotli)),
                         [](const auto& test) { return std::string(test.param.first); });

TEST(Encoding, UnknownIsMalformed) { EXPECT_FALSE(decode_body("x", "rot13", 100, "u")); }

const pep::Name kName = pep::Name::of("a");
constexpr const char* kMetadataPath = "a-1.0.dist-info/METADATA";

pep::Error wheel_error(const std::string& wheel) {
  const auto text = wheel_metadata(wheel, kName);
  EXPECT_FALSE(text);
  return text ? pep::Error{} : text.error();
}

TEST(Wheel, MetadataMayBeStoredOrDeflated) {
  for (const char* format : {"zip", "zip-stored"}) {
    const auto text =
        wheel_metadata(support::make_archive(format, {{kMetadataPath, "Name: a\n"}}), kName);
    ASSERT_TRUE(text) << text.error().what;
    EXPECT_EQ(*text, "Name: a\n");
  }
}

TEST(Wheel, MetadataMustBeOfTheProjectAndAtTheTop) {
  const std::string wheel =
      support::make_archive("zip", {{"b-1.0.dist-info/METADATA", "x"},
                                    {"vendored/a-1.0.dist-info/METADATA", "y"},
                                    {"METADATA", "z"}});
  EXPECT_EQ(wheel_error(wheel).fault, pep::Fault::kNotFound);
}

TEST(Wheel, NeverCrashesOnDamage) {
  const std::string wheel =
      support::make_archive("zip", {{kMetadataPath, std::string(300, 'm')}, {"a/b.py", "x"}});
  for (std::size_t at = 0; at < wheel.size(); ++at) {
    for (const char value : {'\0', '\xff', '\x80'}) {
      std::string damaged = wheel;
      damaged[at] = value;
      static_cast<void>(wheel_metadata(damaged, kName));
      const Piece tail{.offset = at / 2, .bytes = std::string_view(damaged).substr(at / 2)};
      static_cast<void>(locate_metadata(tail, kName));
    }
    static_cast<void>(wheel_metadata(std::string_view(wheel).substr(0, at), kName));
    static_cast<void>(wheel_metadata(std::string_view(wheel).substr(at), kName));
  }
}

TEST(Wheel, OfZip64OrEncryptedIsRefusedPolitely) {
  std::string wheel = support::make_archive("zip", {{kMetadataPath, "Name: a\n"}});
  const std::size_t end_record = wheel.rfind("PK\5\6");
  const std::size_t central = wheel.find("PK\1\2");
  std::string zip64 = wheel;
  zip64.replace(end_record + 16, 4, "\xff\xff\xff\xff");
  EXPECT_THAT(wheel_error(zip64).what, HasSubstr("zip64"));
  wheel[central + 8] = static_cast<char>(wheel[central + 8] | 1);
  EXPECT_THAT(wheel_error(wheel).what, HasSubstr("encrypted"));
}

TEST(Condensed, KeepsWhatAResolverNeeds) {
  EXPECT_EQ(condensed("Metadata-Version: 2.1\r\nName: a\nSummary: x\nRequires-Dist: b\n  "
                      ">=1\nrequires-python:  >=3\n"
                      "\nRequires-Dist: of the description\n"),
            "Metadata-Version: 2.1\nName: a\nRequires-Dist: b   >=1\nrequires-python: >=3\n");
}

TEST(Sdist, ThatIsNoArchiveIsMalformed) {
  EXPECT_EQ(sdist_pkg_info("no archive").error().fault, pep::Fault::kMalformed);
  const std::string sdist = support::make_sdist({.name = "a"});
  EXPECT_TRUE(sdist_pkg_info(sdist));
  EXPECT_FALSE(sdist_pkg_info(sdist.substr(0, sdist.size() / 3)));
  EXPECT_EQ(
      sdist_pkg_info(support::make_archive("tar.gz", {{"a-1.0/x/PKG-INFO", "deep"}})).error().fault,
      pep::Fault::kNotFound);
}

}  // namespace
}  // namespace resolver::index

// What the writers put down, byte for byte, and what must never reach a lock.
#include <gtest/gtest.h>

#include "resolver/lock/lock.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/url.h"

namespace resolver::lock {
namespace {

Artifact wheel(std::string filename, char digit) {
  Artifact artifact;
  artifact.url = "https://files.pypi.example/w/" + filename;
  artifact.filename = std::move(filename);
  artifact.sha256 = std::string(64, digit);
  artifact.size = 101817;
  artifact.upload_time = 1712505600;  // 2024-04-07T16:00:00Z
  return artifact;
}

Lock example() {
  Package click;
  click.name = pep::Name::of("click");
  click.version = *pep::Version::parse("8.1.7");
  click.index = "https://pypi.example/simple";
  click.required_by = {"flask"};
  click.requires_python = ">=3.7";
  click.artifacts = {wheel("click-8.1.7-py3-none-any.whl", 'b')};
  Package flask;
  flask.name = pep::Name::of("Flask");
  flask.version = *pep::Version::parse("3.0.3");
  flask.index = "https://pypi.example/simple";
  flask.dependencies = {pep::Name::of("click")};
  flask.required_by = {"-r requirements.in", "-r web.in"};
  flask.direct = true;
  Artifact sdist = wheel("flask-3.0.3.tar.gz", 'a');
  sdist.wheel = false;
  sdist.size = 0;
  sdist.upload_time = 0;
  flask.artifacts = {wheel("flask-3.0.3-py3-none-any.whl", 'c'), sdist};
  Lock lock;
  lock.requires_python = "==3.11.*";
  lock.packages = {click, flask};
  return lock;
}

TEST(WriteRequirements, PinsHashesAndSaysWhy) {
  const std::string a(64, 'a');
  const std::string b(64, 'b');
  const std::string c(64, 'c');
  EXPECT_EQ(write_requirements(example()),
            "# Locked by seshat. Install it with: pip install --require-hashes --no-deps -r FILE\n"
            "click==8.1.7 \\\n    --hash=sha256:" +
                b +
                "\n    # via flask\n"
                "flask==3.0.3 \\\n    --hash=sha256:" +
                a + " \\\n    --hash=sha256:" + c +
                "\n    # via\n    #   -r requirements.in\n    #   -r web.in\n");
}

TEST(WriteRequirements, NamesTheIndexWhereThereAreSeveral) {
  Lock lock = example();
  lock.packages[1].index = "https://user:word@other.example/simple";
  const std::string text = write_requirements(lock);
  EXPECT_NE(text.find("    # from https://pypi.example/simple\n"), std::string::npos);
  EXPECT_NE(text.find("    # from https://other.example/simple\n"), std::string::npos);
}

TEST(WriteRequirements, ALineBreakInAFileNameIsNoLine) {
  Lock lock = example();
  lock.packages[0].required_by = {"-r x\nevil==1\n.in"};
  EXPECT_EQ(write_requirements(lock).find("\nevil"), std::string::npos);
}

TEST(WritePylock, IsPep751) {
  const std::string text = write_pylock(example());
  const std::string head =
      "lock-version = \"1.0\"\nrequires-python = \"==3.11.*\"\ncreated-by = \"seshat\"\n\n"
      "[[packages]]\nname = \"click\"\nversion = \"8.1.7\"\nrequires-python = \">=3.7\"\n"
      "index = \"https://pypi.example/simple\"\n\n[[packages.wheels]]\nname = "
      "\"click-8.1.7-py3-none-any.whl\"\n"
      "upload-time = 2024-04-07T16:00:00Z\n"
      "url = \"https://files.pypi.example/w/click-8.1.7-py3-none-any.whl\"\nsize = 101817\n"
      "hashes = { sha256 = \"" +
      std::string(64, 'b') + "\" }\n\n[[packages]]\nname = \"flask\"\n";
  EXPECT_EQ(text.substr(0, head.size()), head);
  EXPECT_NE(text.find("dependencies = [\n    { name = \"click\" },\n]\n"), std::string::npos);
  EXPECT_LT(text.find("[packages.sdist]"), text.find("flask-3.0.3-py3-none-any.whl"));
  EXPECT_TRUE(text.ends_with("\n"));
}

TEST(WritePylock, GivesTheSameBytesForTheSameLock) {
  EXPECT_EQ(write_pylock(example()), write_pylock(example()));
}

TEST(WritePylock, AnEmptyLockIsALock) {
  const auto lock = read_pylock(write_pylock(Lock{}), "pylock.toml");
  ASSERT_TRUE(lock) << lock.error().what;
  EXPECT_TRUE(lock->packages.empty());
}

TEST(WritePylock, KeepsCredentialsOut) {
  Lock lock = example();
  lock.packages[0].index = "https://user:s3cret@pypi.example/simple?token=s3cret";
  lock.packages[0].artifacts[0].url =
      "https://s3cret@files.example/w.whl?X-Amz-Signature=s3cret&v=1";
  const std::string text = write_pylock(lock) + write_requirements(lock);
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  EXPECT_NE(text.find("\"https://files.example/w.whl?v=1\""), std::string::npos);
}

TEST(WritePylock, LocalFilesBecomePaths) {
  Lock lock = example();
  lock.packages[0].index = "/srv/app/wheels";
  lock.packages[0].artifacts[0].url = "file:///srv/app/wheels/click-8.1.7%2Bx-py3-none-any.whl";
  EXPECT_NE(
      write_pylock(lock, "/srv/app").find("path = \"wheels/click-8.1.7+x-py3-none-any.whl\"\n"),
      std::string::npos);
  EXPECT_NE(write_pylock(lock, "/srv/app/locks").find("path = \"../wheels/click-8"),
            std::string::npos);
  EXPECT_NE(write_pylock(lock).find("path = \"/srv/app/wheels/click-8"), std::string::npos);
  EXPECT_EQ(write_pylock(lock).find("index = \"/srv"), std::string::npos);
}

TEST(WritePylock, EscapesWhatTomlCannotHold) {
  Lock lock = example();
  lock.packages[0].requires_python = "\"\\\n\x7F\xFF\xC3\xA9";
  const std::string text = write_pylock(lock);
  EXPECT_NE(text.find("requires-python = \"\\\"\\\\\\u000A\\u007F\xEF\xBF\xBD\xC3\xA9\"\n"),
            std::string::npos);
}

struct UrlRow {
  const char* url;
  const char* stripped;
  const char* redacted;
};

TEST(Url, LosesItsSecrets) {
  const UrlRow rows[] = {
      {"https://h.example/p", "https://h.example/p", "https://h.example/p"},
      {"https://u:w@h.example/p", "https://h.example/p", "https://****@h.example/p"},
      {"https://u@h.example/p@1", "https://h.example/p@1", "https://****@h.example/p@1"},
      {"https://u:p@q@h.example", "https://h.example", "https://****@h.example"},
      {"https://h.example/p?token=x", "https://h.example/p", "https://h.example/p?token=****"},
      {"https://h.example/p?Token=x&y=1#f", "https://h.example/p?y=1#f",
       "https://h.example/p?Token=****&y=1#f"},
      {"https://h.example/p?y=1&sig=x&z=2", "https://h.example/p?y=1&z=2",
       "https://h.example/p?y=1&sig=****&z=2"},
      {"https://h.example/p?y=1&sig=x#f", "https://h.example/p?y=1#f",
       "https://h.example/p?y=1&sig=****#f"},
      {"https://h.example/p?token", "https://h.example/p?token", "https://h.example/p?token"},
      {"/a/path", "/a/path", "/a/path"},
      {"", "", ""},
      {"git+user:s3cr3t@host:x", "git+user:s3cr3t@host:x", "****@host:x"},
      {"user:s3cr3t@127.0.0.1:8901/simple/", "user:s3cr3t@127.0.0.1:8901/simple/",
       "****@127.0.0.1:8901/simple/"},
      {"user:s3cr3t@/x", "user:s3cr3t@/x", "****@/x"},
      {"git@host.example:a/b@v1", "git@host.example:a/b@v1", "git@host.example:a/b@v1"},
      {"file:/a/b@v1", "file:/a/b@v1", "file:/a/b@v1"},
  };
  for (const UrlRow& row : rows) {
    EXPECT_EQ(without_credentials(row.url), row.stripped);
    EXPECT_EQ(redacted(row.url), row.redacted);
    EXPECT_EQ(has_credentials(row.url), std::string_view(row.url) != row.redacted) << row.url;
  }
  EXPECT_EQ(redacted("see https://a:b@x.example/ and 'https://c@y.example/'."),
            "see https://****@x.example/ and 'https://****@y.example/'.");
  EXPECT_EQ(
      redacted("r.txt:3: proj @ http:user:p@ss@127.0.0.1 is none; see https://x.example/a:b@c"),
      "r.txt:3: proj @ ****@127.0.0.1 is none; see https://x.example/a:b@c");
}

}  // namespace
}  // namespace resolver::lock

// What is written is read back the same, for any lock; and any damage to a lock is a clean error,
// never a crash.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "resolver/lock/lock.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/requirements_file.h"

namespace resolver::lock {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

std::string hex(Random& random) {
  std::string text(64, '0');
  for (char& c : text) c = "0123456789abcdef"[below(random, 16)];
  return text;
}

std::string version(Random& random) {
  static const char* const kTails[] = {"", "rc1", ".post2", "a3.dev4", "+local.1", "b2"};
  return std::to_string(below(random, 30)) + "." + std::to_string(below(random, 9)) +
         kTails[below(random, 6)];
}

Artifact artifact(Random& random, const Package& package, bool wheel) {
  Artifact artifact;
  artifact.wheel = wheel;
  artifact.filename =
      package.name.str() + "-" + package.version.str() + (wheel ? "-py3-none-any.whl" : ".tar.gz");
  artifact.url = "https://files.pypi.example/" + hex(random).substr(0, 8) + "/" + artifact.filename;
  if (below(random, 4) == 0) artifact.url += "?q=\"\\\u00e9\x01";
  artifact.sha256 = hex(random);
  artifact.size = below(random, 3) == 0 ? 0 : random();
  artifact.upload_time = below(random, 3) == 0 ? 0 : static_cast<std::int64_t>(random());
  return artifact;
}

Lock any_lock(Random& random) {
  Lock lock;
  lock.requires_python = below(random, 2) == 0 ? "" : "==3.11.*";
  if (below(random, 2) == 0)
    lock.environments = {"sys_platform == 'linux'", "python_version > \"3\""};
  std::set<std::string> names;
  for (std::size_t n = below(random, 12); n > 0; --n)
    names.insert("p" + std::to_string(below(random, 40)));
  for (const std::string& name : names) {
    Package package;
    package.name = pep::Name::of(name);
    package.version = *pep::Version::parse(version(random));
    if (below(random, 2) == 0) package.index = "https://pypi.example/simple";
    if (below(random, 2) == 0) package.requires_python = ">=3.8,<4";
    if (below(random, 3) == 0) package.marker = "python_version >= \"3.8\"";
    for (const std::string& other : names) {
      if (other != name && below(random, 4) == 0)
        package.dependencies.push_back(pep::Name::of(other));
    }
    for (std::size_t n = below(random, 4); n > 0; --n)
      package.artifacts.push_back(artifact(random, package, true));
    if (below(random, 2) == 0) package.artifacts.push_back(artifact(random, package, false));
    std::ranges::sort(package.dependencies);
    lock.packages.push_back(std::move(package));
  }
  std::ranges::sort(lock.packages, {}, &Package::name);
  return lock;
}

void expect_same(const Artifact& one, const Artifact& other) {
  EXPECT_EQ(one.filename, other.filename);
  EXPECT_EQ(one.url, other.url);
  EXPECT_EQ(one.sha256, other.sha256);
  EXPECT_EQ(one.size, other.size);
  EXPECT_EQ(one.upload_time, other.upload_time);
  EXPECT_EQ(one.wheel, other.wheel);
}

TEST(RoundTrip, APylockReadsBackAsItWasWritten) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const Lock lock = any_lock(random);
    const std::string text = write_pylock(lock);
    const auto read = read_pylock(text, "pylock.toml");
    ASSERT_TRUE(read) << read.error().what << "\n" << text;
    EXPECT_EQ(read->requires_python, lock.requires_python);
    EXPECT_EQ(read->environments, lock.environments);
    ASSERT_EQ(read->packages.size(), lock.packages.size());
    for (std::size_t i = 0; i < lock.packages.size(); ++i) {
      const Package& one = lock.packages[i];
      const Package& other = read->packages[i];
      EXPECT_EQ(one.name, other.name);
      EXPECT_EQ(one.version.str(), other.version.str());
      EXPECT_EQ(one.index, other.index);
      EXPECT_EQ(one.marker, other.marker);
      EXPECT_EQ(one.requires_python, other.requires_python);
      EXPECT_EQ(one.dependencies, other.dependencies);
      ASSERT_EQ(one.artifacts.size(), other.artifacts.size());
      for (std::size_t j = 0; j < one.artifacts.size(); ++j)
        expect_same(one.artifacts[j], other.artifacts[j]);
    }
    EXPECT_EQ(write_pylock(*read), text);
  }
}

TEST(RoundTrip, RequirementsReadBackTheirPinsAndHashes) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const Lock lock = any_lock(random);
    const auto read = read_locked_requirements(write_requirements(lock), "requirements.txt");
    ASSERT_TRUE(read) << read.error().what;
    ASSERT_EQ(read->packages.size(), lock.packages.size());
    for (std::size_t i = 0; i < lock.packages.size(); ++i) {
      EXPECT_EQ(read->packages[i].name, lock.packages[i].name);
      EXPECT_EQ(read->packages[i].version.str(), lock.packages[i].version.str());
      EXPECT_EQ(read->packages[i].marker, lock.packages[i].marker);
      std::vector<std::string> written;
      for (const Artifact& artifact : lock.packages[i].artifacts)
        written.push_back(artifact.sha256);
      std::ranges::sort(written);
      std::vector<std::string> found;
      for (const Artifact& artifact : read->packages[i].artifacts) found.push_back(artifact.sha256);
      EXPECT_EQ(found, written);
    }
  }
}

TEST(RoundTrip, ADamagedLockIsReadOrRefused) {
  Random random(7);
  for (unsigned round = 0; round < 500; ++round) {
    const bool pylock = round % 2 == 0;
    const Lock lock = any_lock(random);
    std::string text = pylock ? write_pylock(lock) : write_requirements(lock);
    for (std::size_t n = below(random, 5) + 1; n > 0 && !text.empty(); --n) {
      const std::size_t at = below(random, text.size());
      switch (below(random, 4)) {
        case 0:
          text.erase(at, below(random, 20));
          break;
        case 1:
          text[at] = static_cast<char>(random());
          break;
        case 2:
          text.insert(at, text.substr(below(random, text.size()), 10));
          break;
        default:
          text.resize(at);
          break;
      }
    }
    const auto read = pylock ? read_pylock(text, "x") : read_locked_requirements(text, "x");
    if (!read) {
      EXPECT_FALSE(read.error().what.empty());
    }
  }
}

}  // namespace
}  // namespace resolver::lock

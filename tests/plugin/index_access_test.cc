// How indexes are reached: credentials, certificates, proxies, redirects, faults, directories. The
// real program against servers on loopback.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/plugin/direct_fixture.h"
#include "tests/plugin/tls_server.h"

namespace plugin::test {
namespace {

namespace fs = std::filesystem;

class IndexAccess : public testing::Test {
 protected:
  // Locks "a"; the version, or null.
  nlohmann::json lock(std::vector<std::string> arguments) {
    std::vector<std::string> all{"advise",
                                 "--python-version",
                                 "3.11",
                                 "--platform",
                                 "manylinux_2_28_x86_64",
                                 "--json",
                                 "-vv",
                                 "--show-config",
                                 "--cache-dir",
                                 directory_ / "store",
                                 "--refresh",
                                 "--with",
                                 "a"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    ran_ = run_program(all, directory_.path(), variables_);
    auto report = nlohmann::json::parse(ran_.out, nullptr, false);
    if (report.is_discarded() || report["products"].empty()) return nullptr;
    index_ = report["products"][0]["packages"][0]["index"];
    return report["products"][0]["packages"][0]["version"];
  }
  // Whether the secret stands anywhere that outlives the run or is shown.
  bool leaked(const std::string& secret) {
    std::string all = ran_.out + ran_.err;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      if (entry.is_regular_file() && entry.path().filename() != "netrc")
        all += support::read_file(entry.path());
    }
    return all.find(secret) != std::string::npos;
  }
  // A static index (PEP 503) that holds "a" 1.0.
  std::string static_index() {
    const std::string wheel = support::make_wheel({.name = "a"});
    directory_.write("tree/simple/a/a-1.0-py3-none-any.whl", wheel);
    directory_.write("tree/simple/a/index.html",
                     "<!DOCTYPE html><a href=\"a-1.0-py3-none-any.whl#sha256=" +
                         support::sha256_hex(wheel) + "\">a-1.0-py3-none-any.whl</a>");
    return directory_ / "tree";
  }

  support::TempDirectory directory_;
  std::map<std::string, std::string> variables_;
  nlohmann::json index_;
  Ran ran_;
};

TEST_F(IndexAccess, CredentialsInTheUrlAreUsedAndNeverKept) {
  support::LoopbackServer server({.user = "me:pa55w0rd"});
  server.add({.name = "a"});
  std::string url = server.url();
  url.insert(7, "me:pa55w0rd@");
  EXPECT_EQ(lock({"--index-url", url, "-o", "pylock.toml", "-o", "lock.txt"}), "1.0") << ran_.err;
  EXPECT_FALSE(leaked("pa55w0rd"));
  variables_["PIP_INDEX_URL"] = url;
  EXPECT_EQ(lock({}), "1.0") << ran_.err;
  EXPECT_FALSE(leaked("pa55w0rd"));
  server.fail("a", {.status = 500});
  EXPECT_EQ(lock({"--retries", "0"}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  EXPECT_FALSE(leaked("pa55w0rd"));
}

TEST_F(IndexAccess, NetrcGivesWhatTheUrlDoesNot) {
  support::LoopbackServer server({.user = "me:pa55w0rd"});
  server.add({.name = "a"});
  EXPECT_EQ(lock({"--index-url", server.url()}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  EXPECT_NE(ran_.err.find("wants credentials (401)"), std::string::npos) << ran_.err;
  const std::string line = "machine 127.0.0.1 login me password pa55w0rd\n";
  variables_["NETRC"] = directory_.write("elsewhere/netrc", line);
  EXPECT_EQ(lock({"--index-url", server.url()}), "1.0") << ran_.err;
  EXPECT_FALSE(leaked("pa55w0rd"));
  variables_.clear();
  directory_.write(".netrc", line);  // HOME is the directory
  EXPECT_EQ(lock({"--index-url", server.url()}), "1.0") << ran_.err;
}

TEST_F(IndexAccess, ARedirectToAnotherHostGetsNoCredentials) {
  support::LoopbackServer other;
  other.add({.name = "a"});
  support::LoopbackServer server;
  const std::string elsewhere = "http://localhost:" + std::to_string(other.port()) + "/simple/a/";
  server.fail("/simple/a/", {.status = 302, .location = elsewhere});
  std::string url = server.url();
  url.insert(7, "me:pa55w0rd@");
  EXPECT_EQ(lock({"--index-url", url}), "1.0") << ran_.err;
  for (const auto& request : server.requests())
    EXPECT_TRUE(request.headers.contains("authorization"));
  ASSERT_FALSE(other.requests().empty());
  for (const auto& request : other.requests())
    EXPECT_FALSE(request.headers.contains("authorization")) << request.path;
}

TEST_F(IndexAccess, ACertificateIsCheckedUnlessToldOtherwise) {
  const TlsServer server(static_index(), false);
  if (!server.runs()) GTEST_SKIP() << "skipped: python3 or openssl is missing";
  const std::string index = server.url() + "simple/";
  EXPECT_EQ(lock({"--index-url", index}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  for (const char* said : {"is not trusted", "--cert", "--trusted-host"})
    EXPECT_NE(ran_.err.find(said), std::string::npos) << ran_.err;
  EXPECT_EQ(lock({"--index-url", index, "--cert", server.certificate()}), "1.0") << ran_.err;
  EXPECT_EQ(lock({"--index-url", index, "--trusted-host", "127.0.0.1"}), "1.0") << ran_.err;
  variables_["PIP_CERT"] = server.certificate();
  EXPECT_EQ(lock({"--index-url", index}), "1.0") << ran_.err;
  variables_ = {{"PIP_TRUSTED_HOST", "127.0.0.1"}};
  EXPECT_EQ(lock({"--index-url", index}), "1.0") << ran_.err;
}

TEST_F(IndexAccess, AClientCertificateIsShownWhereOneIsWanted) {
  const TlsServer server(static_index(), true);
  if (!server.runs()) GTEST_SKIP() << "skipped: python3 or openssl is missing";
  const std::vector<std::string> asked{
      "--index-url", server.url() + "simple/", "--cert", server.certificate(), "--retries", "0"};
  EXPECT_EQ(lock(asked), nullptr);
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
  auto shown = asked;
  shown.insert(shown.end(), {"--client-cert", server.certificate()});
  EXPECT_EQ(lock(shown), "1.0") << ran_.err;
  variables_["PIP_CLIENT_CERT"] = server.certificate();
  EXPECT_EQ(lock(asked), "1.0") << ran_.err;
}

TEST_F(IndexAccess, AProxyIsTakenFromEverywherePipTakesIt) {
  support::LoopbackServer proxy;
  const std::string wheel = support::make_wheel({.name = "a"});
  proxy.put("http://pypi.example/simple/a/",
            "{\"meta\":{\"api-version\":\"1.0\"},\"name\":\"a\",\"files\":[{\"filename\":"
            "\"a-1.0-py3-none-any.whl\",\"url\":\"a-1.0-py3-none-any.whl\",\"hashes\":{\"sha256\":"
            "\"" +
                support::sha256_hex(wheel) + "\"}}]}",
            "application/vnd.pypi.simple.v1+json");
  proxy.put("http://pypi.example/simple/a/a-1.0-py3-none-any.whl", wheel,
            "application/octet-stream");
  const std::vector<std::string> index{"--index-url", "http://pypi.example/simple/", "--retries",
                                       "0"};
  auto with_option = index;
  with_option.insert(with_option.end(), {"--proxy", proxy.root()});
  EXPECT_EQ(lock(with_option), "1.0") << ran_.err;
  for (const char* name : {"PIP_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy"}) {
    variables_ = {{name, proxy.root()}};
    EXPECT_EQ(lock(index), "1.0") << name << ran_.err;
  }
  variables_["no_proxy"] = "pypi.example";
  EXPECT_EQ(lock(index), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  std::string secret = proxy.root();
  secret.insert(7, "me:pa55w0rd@");
  with_option.back() = secret;
  variables_.clear();
  EXPECT_EQ(lock(with_option), "1.0") << ran_.err;
  EXPECT_FALSE(leaked("pa55w0rd")) << ran_.err;
}

TEST_F(IndexAccess, WhatMayPassIsTriedAgainAsOftenAsSaid) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  server.fail("a", {.status = 503, .times = 2, .retry_after = "0"});
  EXPECT_EQ(lock({"--index-url", server.url(), "--retries", "2"}), "1.0") << ran_.err;
  server.fail("a", {.status = 429, .times = 2, .retry_after = "0"});
  EXPECT_EQ(lock({"--index-url", server.url(), "--retries", "1"}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  server.fail("a", {.delay_ms = 3000});
  EXPECT_EQ(lock({"--index-url", server.url(), "--retries", "0", "--timeout", "1"}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9);
  EXPECT_NE(ran_.err.find("did not answer in time"), std::string::npos) << ran_.err;
}

TEST_F(IndexAccess, EachRefusalIsASentenceAndUnavailable) {
  support::LoopbackServer server;
  server.add({.name = "a"});
  for (const int status : {401, 403, 429, 500, 503}) {
    server.fail("a", {.status = status});
    EXPECT_EQ(lock({"--index-url", server.url(), "--retries", "0"}), nullptr);
    EXPECT_EQ(ran_.exit_code, 9) << status;
    EXPECT_NE(ran_.err.find(server.url() + "a/"), std::string::npos) << ran_.err;
  }
  server.fail("a", {.status = 404});
  EXPECT_EQ(lock({"--index-url", server.url()}), nullptr);
  EXPECT_EQ(ran_.exit_code, 4) << "a name that no index has";
}

TEST_F(IndexAccess, ADirectoryOfWheelsIsEnoughWithoutAnIndex) {
  directory_.write("wheels/a-1.5-py3-none-any.whl",
                   support::make_wheel({.name = "a", .version = "1.5"}));
  EXPECT_EQ(lock({"--no-index", "--find-links", "wheels", "-o", "pylock.toml"}), "1.5") << ran_.err;
  EXPECT_NE(support::read_file(directory_ / "pylock.toml").find("wheels/a-1.5-py3-none-any.whl"),
            std::string::npos);
  lock({"--no-index", "--find-links", "wheels", "--check", "-o", "pylock.toml"});
  EXPECT_EQ(ran_.exit_code, 0) << ran_.err;
  variables_ = {{"PIP_NO_INDEX", "1"}, {"PIP_FIND_LINKS", directory_ / "wheels"}};
  EXPECT_EQ(lock({}), "1.5") << ran_.err;
}

TEST_F(IndexAccess, FindLinksMayBeAFileOrAPage) {
  support::LoopbackServer server;
  const std::string wheel = support::make_wheel({.name = "a"});
  const std::string link =
      "<a href=\"/w/a-1.0-py3-none-any.whl#sha256=" + support::sha256_hex(wheel) + "\">a</a>";
  server.put("/links.html", link, "text/html");
  server.put("/w/a-1.0-py3-none-any.whl", wheel, "application/octet-stream");
  EXPECT_EQ(lock({"--no-index", "--find-links", server.root() + "/links.html"}), "1.0") << ran_.err;
  directory_.write("links.html", "<a href=\"" + server.root() + link.substr(9));
  EXPECT_EQ(lock({"--no-index", "--find-links", "links.html"}), "1.0") << ran_.err;
  EXPECT_EQ(lock({"--no-index", "--find-links", "file://" + (directory_ / "links.html")}), "1.0")
      << ran_.err;
}

TEST_F(IndexAccess, AnIndexMayBeADirectoryOfThisMachine) {
  const std::string tree = static_index();
  EXPECT_EQ(lock({"--index-url", "file://" + tree + "/simple/"}), "1.0") << ran_.err;
  EXPECT_EQ(lock({"--index-url", tree + "/simple"}), "1.0") << ran_.err;
  EXPECT_EQ(lock({"--index-url", "file://" + tree + "/nothing/"}), nullptr);
  EXPECT_EQ(ran_.exit_code, 9) << ran_.err;
}

}  // namespace
}  // namespace plugin::test

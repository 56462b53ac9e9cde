// What pip in an image is told, and where its default index is written.
#include "rpmenv/pip_configuration.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rpmenv/inspect_json.h"
#include "tests/rpmenv/image.h"

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::Image;

rpmenv::PipConfiguration parsed(std::string_view text) {
  rpmenv::PipConfiguration configuration;
  const auto status = rpmenv::apply_pip_conf(text, "pip.conf", configuration);
  EXPECT_TRUE(status) << (status ? "" : status.error().what);
  return configuration;
}

TEST(PipConf, ReadsEveryKey) {
  const auto pip = parsed(
      "# comment\n[global]\nindex_url = https://pypi.example/simple\nExtra-Index-URL =\n    "
      "https://a.example/simple\n    https://b.example/simple\n"
      "find-links: /wheels\ntrusted-host = a.example b.example\ncert = /etc/ca.pem\nproxy = "
      "http://proxy.example:3128\ntimeout = 2.5\nno-index = yes\n");
  EXPECT_EQ(pip.index_url, "https://pypi.example/simple");
  EXPECT_THAT(pip.extra_index_urls,
              ElementsAre("https://a.example/simple", "https://b.example/simple"));
  EXPECT_THAT(pip.find_links, ElementsAre("/wheels"));
  EXPECT_THAT(pip.trusted_hosts, ElementsAre("a.example", "b.example"));
  EXPECT_EQ(pip.cert, "/etc/ca.pem");
  EXPECT_EQ(pip.proxy, "http://proxy.example:3128");
  EXPECT_EQ(pip.timeout, 2.5);
  EXPECT_TRUE(pip.no_index);
}

TEST(PipConf, InstallOverridesGlobalAndOthersDoNotCount) {
  const auto pip = parsed(
      "[install]\nindex-url = https://install.example/\n[global]\nindex-url = "
      "https://global.example/\n[list]\nindex-url = https://list.example/\n");
  EXPECT_EQ(pip.index_url, "https://install.example/");
}

TEST(PipConf, ErrorsHaveALine) {
  rpmenv::PipConfiguration configuration;
  for (const auto& [text, line] : {std::pair("[global]\nnonsense\n", 2),
                                   std::pair("index-url = x\n", 1), std::pair("[global\n", 1)}) {
    const auto status = rpmenv::apply_pip_conf(text, "etc/pip.conf", configuration);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().fault, pep::Fault::kConfig);
    EXPECT_EQ(status.error().place->line, line);
  }
}

TEST(PipConf, SiteFileOverridesTheGlobalOne) {
  const Image image;
  image.add_python("3.9.18");
  image.write("etc/pip.conf", "[global]\nindex-url = https://global.example/\ncert = /c\n");
  image.write("usr/pip.conf", "[global]\nindex-url = https://site.example/\n");
  const auto pip = image.inspect().pip;
  EXPECT_EQ(pip.index_url, "https://site.example/");
  EXPECT_EQ(pip.cert, "/c");
}

TEST(PipConf, FifoAndNonsenseAreWarnings) {
  const Image image;
  image.fifo("etc/pip.conf");
  image.write("etc/xdg/pip/pip.conf", "nonsense");
  const auto warnings = image.inspect().warnings;
  EXPECT_THAT(warnings, Contains(HasSubstr("etc/pip.conf")));
  EXPECT_THAT(warnings, Contains(HasSubstr("etc/xdg/pip/pip.conf:1:")));
}

constexpr const char* kSource =
    "class PackageIndex:\n    pass\n\n\nPyPI = PackageIndex(\"https://pypi.example/\", "
    "file_storage_domain=\"files.example\")\nTestPyPI = PackageIndex(\"https://test.example/\")\n";

TEST(DefaultIndex, FromTheInstalledPip) {
  const Image image;
  image.add_python("3.9.18");
  image.write("usr/lib/python3.9/site-packages/pip/_internal/models/index.py", kSource);
  EXPECT_EQ(image.inspect().pip.default_index_url, "https://pypi.example/simple");
}

std::string wheel(const std::string& member, const std::string& text) {
  std::string out(1 << 20, '\0');
  std::size_t used = 0;
  struct archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const auto& [name, content] :
       {std::pair(std::string("pip/__init__.py"), std::string("x")), std::pair(member, text)}) {
    struct archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

TEST(DefaultIndex, FromTheWheelOfEnsurepip) {
  const Image image;
  image.add_python("3.9.18");
  image.write("usr/lib/python3.9/ensurepip/_bundled/pip-23.0-py3-none-any.whl",
              wheel("pip/_internal/models/index.py", kSource));
  EXPECT_EQ(image.inspect().pip.default_index_url, "https://pypi.example/simple");
}

TEST(DefaultIndex, DamagedWheelsAndStrangeSourcesGiveNone) {
  const Image image;
  image.add_python("3.9.18");
  image.write("usr/share/python-wheels/pip-1.whl", "PK\x03\x04 nonsense");
  image.write("usr/lib/python3.9/site-packages/pip/_internal/models/index.py",
              "PyPI = PackageIndex(os.environ['X'])\n");
  const auto root = image.root();
  const auto index = rpmenv::default_index_of_pip(*root, image.inspect().pythons.at(0));
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().fault, pep::Fault::kNotFound);
}

TEST(Credentials, AreReplaced) {
  EXPECT_EQ(rpmenv::without_credentials("https://user:pa@ss@pypi.example/simple"),
            "https://****@pypi.example/simple");
  EXPECT_EQ(rpmenv::without_credentials("https://token@pypi.example"), "https://****@pypi.example");
  EXPECT_EQ(rpmenv::without_credentials("https://pypi.example/a@b"), "https://pypi.example/a@b");
}

}  // namespace

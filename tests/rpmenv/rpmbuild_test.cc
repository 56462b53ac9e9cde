// Databases made by rpm itself: what RPM writes, not what we believe that it writes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "rpmenv/capabilities.h"
#include "tests/rpmenv/image.h"

namespace {

using rpmenv::DatabaseStatus;

bool run(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
}

class Rpmbuild : public testing::Test {
 protected:
  void SetUp() override {
    if (!run("rpmbuild --version"))
      GTEST_SKIP() << "rpmbuild is not installed (Debian: apt-get install rpm)";
    work_.write("demo.spec",
                "%define debug_package %{nil}\nName: demo\nEpoch: 3\nVersion: 1.2\nRelease: "
                "4.el9\nSummary: demo\nLicense: MIT\nVendor: Example\n"
                "BuildArch: noarch\nAutoReqProv: no\nProvides: demo(feature) = 7\nRequires: "
                "/bin/sh\n%description\ndemo\n"
                "%install\nmkdir -p %{buildroot}/usr/bin\necho x > "
                "%{buildroot}/usr/bin/demo\n%files\n/usr/bin/demo\n");
    ASSERT_TRUE(run("rpmbuild -bb --define '_topdir " + (work_ / "top") + "' --define '_rpmdir " +
                    (work_ / "out") + "' " + (work_ / "demo.spec")));
    std::filesystem::create_directories(image_.path("var/lib/rpm"));
    ASSERT_TRUE(run("rpm --dbpath " + image_.path("var/lib/rpm") +
                    " --justdb --nodeps --noscripts --ignorearch --ignoreos --ignoresize "
                    "--force-debian -i " +
                    (work_ / "out/noarch/*.rpm")) ||
                run("rpm --dbpath " + image_.path("var/lib/rpm") +
                    " --justdb --nodeps --noscripts --ignorearch -i " +
                    (work_ / "out/noarch/*.rpm")));
  }
  support::TempDirectory work_;
  tests::Image image_;
};

TEST_F(Rpmbuild, TheInstalledPackageIsRead) {
  const auto before = image_.digest();
  const auto facts = image_.inspect();
  ASSERT_EQ(facts.databases.size(), 1u);
  EXPECT_EQ(facts.databases[0].status, DatabaseStatus::kOk) << facts.databases[0].message;
  ASSERT_EQ(facts.packages.size(), 1u);
  EXPECT_EQ(facts.packages[0].owner_id(), "demo-3:1.2-4.el9.noarch");
  EXPECT_EQ(facts.packages[0].vendor, "Example");
  EXPECT_EQ(facts.packages[0].source, "demo-1.2-4.el9.src.rpm");
  EXPECT_EQ(image_.digest(), before);
}

TEST_F(Rpmbuild, ItsCapabilitiesAreInThePool) {
  const auto pool = rpmenv::pool_of(*image_.root(), image_.inspect());
  EXPECT_TRUE(pool.provides("demo(feature) = 7"));
  EXPECT_TRUE(pool.provides("demo >= 3:1.0"));
  EXPECT_TRUE(pool.provides("/usr/bin/demo"));
}

}  // namespace

// The line that installs what holds a library.
#include "rpmenv/remedy.h"

#include <gtest/gtest.h>

#include "tests/rpmenv/image.h"

namespace {

using tests::Image;

struct Manager {
  const char *program, *line;
};
class InstallationLine : public testing::TestWithParam<Manager> {};
TEST_P(InstallationLine, FollowsTheImagesPackageManager) {
  const Image image;
  image.write(GetParam().program, "x");
  EXPECT_EQ(rpmenv::installation_line(*image.root(), "libGL.so.1", "libGL.so.1()(64bit)"),
            GetParam().line);
}
INSTANTIATE_TEST_SUITE_P(
    Table, InstallationLine,
    testing::Values(Manager{"usr/bin/dnf", "dnf install -y mesa-libGL"},
                    Manager{"usr/bin/microdnf", "microdnf install -y mesa-libGL"},
                    Manager{"usr/bin/yum", "yum install -y mesa-libGL"},
                    Manager{"usr/bin/zypper", "zypper --non-interactive install mesa-libGL"},
                    Manager{"usr/bin/apt-get", "apt-get install -y libgl1"},
                    Manager{"sbin/apk", "apk add mesa-gl"},
                    Manager{"etc/nothing", "install the package that holds libGL.so.1"}));

struct Listed {
  const char *library, *packages, *line;
};
class DebianLists : public testing::TestWithParam<Listed> {};
TEST_P(DebianLists, SayWhatTheNameOfThePackageIs) {
  const Image image;
  image.write("usr/bin/apt-get", "x");
  image.write("var/lib/apt/lists/deb.example_dists_x_main_binary-amd64_Packages",
              GetParam().packages);
  EXPECT_EQ(rpmenv::installation_line(*image.root(), GetParam().library, "x"), GetParam().line);
}
INSTANTIATE_TEST_SUITE_P(Table, DebianLists,
                         testing::Values(Listed{"libGL.so.1",
                                                "Package: a\n\nPackage: libgl1\nVersion: 1\n",
                                                "apt-get install -y libgl1"},
                                         Listed{"libglib-2.0.so.0", "Package: libglib2.0-0t64\n",
                                                "apt-get install -y libglib2.0-0t64"},
                                         Listed{"libfoo_bar-2.so.3", "Package: libfoo-bar-2-3\n",
                                                "apt-get install -y libfoo-bar-2-3"},
                                         Listed{"libGL.so.1", "Package: libgl1-mesa-glx\n",
                                                "install the package that holds libGL.so.1"},
                                         Listed{"plugin.so", "Package: plugin\n",
                                                "install the package that holds plugin.so"}));

}  // namespace

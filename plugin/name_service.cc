// Keeps a static executable away from the name service modules of the image that it runs in. Linked
// only into the static build. glibc would load what the image's nsswitch.conf names (myhostname,
// resolve, sss, …), and a module made for another glibc ends the process with an assertion. Files
// and DNS are built in and need no module.
#include <nss.h>

#include <initializer_list>

namespace {

[[gnu::constructor]] void use_built_in_name_services() {
  __nss_configure_lookup("hosts", "files dns");
  for (const char* database : {"passwd", "group", "services", "networks", "protocols"}) {
    __nss_configure_lookup(database, "files");
  }
}

}  // namespace

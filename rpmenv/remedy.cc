// Which package holds a library: what packagers can be asked by its name, what their lists of
// packages say, and for the commonest a table.
#include "rpmenv/remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace rpmenv {
namespace {

// Packages of the libraries that wheels miss most often, where the packager cannot be asked by a
// library's name.
struct Remedy {
  std::string_view library, rpm, deb, apk;
};
constexpr Remedy kRemedies[] = {{"libGL.so.1", "mesa-libGL", "libgl1", "mesa-gl"},
                                {"libEGL.so.1", "mesa-libEGL", "libegl1", "mesa-egl"},
                                {"libICE.so.6", "libICE", "libice6", "libice"},
                                {"libSM.so.6", "libSM", "libsm6", "libsm"},
                                {"libX11.so.6", "libX11", "libx11-6", "libx11"},
                                {"libXext.so.6", "libXext", "libxext6", "libxext"},
                                {"libXrender.so.1", "libXrender", "libxrender1", "libxrender"},
                                {"libatomic.so.1", "libatomic", "libatomic1", "libatomic"},
                                {"libexpat.so.1", "expat", "libexpat1", "libexpat"},
                                {"libgfortran.so.5", "libgfortran", "libgfortran5", "libgfortran"},
                                {"libglib-2.0.so.0", "glib2", "libglib2.0-0", "glib"},
                                {"libgomp.so.1", "libgomp", "libgomp1", "libgomp"},
                                {"libgthread-2.0.so.0", "glib2", "libglib2.0-0", "glib"},
                                {"libpq.so.5", "libpq", "libpq5", "libpq"},
                                {"libsndfile.so.1", "libsndfile", "libsndfile1", "libsndfile"},
                                {"libstdc++.so.6", "libstdc++", "libstdc++6", "libstdc++"},
                                {"libz.so.1", "zlib", "zlib1g", "zlib"}};

}  // namespace

std::string rpm_installer(const Root& root) {
  for (const auto& [program, line] :
       {std::pair("dnf", "dnf install -y"), std::pair("microdnf", "microdnf install -y"),
        std::pair("yum", "yum install -y"),
        std::pair("zypper", "zypper --non-interactive install")}) {
    if (root.is_file(std::string("usr/bin/") + program)) return line;
  }
  return {};
}

namespace {

constexpr std::uint64_t kMaxList = 512u << 20;
constexpr const char* kLists = "var/lib/apt/lists";

// "libfoo-2.0-0" of "libfoo-2.0.so.0", as Debian's policy names packages of libraries.
std::string by_policy(std::string_view library) {
  const auto suffix = library.find(".so.");
  if (suffix == std::string_view::npos) return {};
  std::string name(library.substr(0, suffix));
  if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.back())) != 0) name += '-';
  name += library.substr(suffix + 4);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return name;
}

bool is_listed(std::string_view list, const std::string& package) {
  const std::string line = "Package: " + package + "\n";
  return list.starts_with(line) || list.find("\n" + line) != std::string_view::npos;
}

// `known`, or the name that the policy gives, as far as the image's own lists have it: with "t64"
// behind it since the time of 64 bits. Without lists, as most images are, `known` alone.
std::string debian_package(const Root& root, std::string_view library, std::string_view known) {
  const std::string name = known.empty() ? by_policy(library) : std::string(known);
  const auto entries = root.list(kLists);
  bool any = false;
  for (const Entry& entry : entries ? *entries : std::vector<Entry>()) {
    if (!entry.name.ends_with("_Packages") || name.empty()) continue;
    const auto list = root.read(std::string(kLists) + "/" + entry.name, kMaxList);
    if (!list) continue;
    any = true;
    for (const char* suffix : {"", "t64"}) {
      if (is_listed((*list)->view(), name + suffix)) return name + suffix;
    }
  }
  return any ? std::string() : std::string(known);
}

}  // namespace

std::string installation_line(const Root& root, std::string_view library,
                              std::string_view capability) {
  const auto* known = std::ranges::find(kRemedies, library, &Remedy::library);
  const bool is_known = known != std::end(kRemedies);
  // dnf and zypper find what provides a capability by its name.
  const std::string rpm = is_known ? std::string(known->rpm) : fmt::format("'{}'", capability);
  if (const std::string installer = rpm_installer(root); !installer.empty())
    return installer + " " + rpm;
  const auto has = [&](const char* program) {
    return root.is_file(std::string("usr/bin/") + program);
  };
  if (has("apt-get")) {
    const std::string deb = debian_package(root, library, is_known ? known->deb : "");
    if (!deb.empty()) return "apt-get install -y " + deb;
  }
  if (root.is_file("sbin/apk") || has("apk"))
    return "apk add " + (is_known ? std::string(known->apk) : fmt::format("so:{}", library));
  return fmt::format("install the package that holds {}", library);
}

}  // namespace rpmenv

// Facts about one image, gathered once and never changed afterwards. The shapes follow `seshat
// inspect --json`. Knows nothing of packages on an index, nor of prescriptions. Safe to share
// between threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pep/marker.h"
#include "pep/tag.h"

namespace rpmenv {

struct OsRelease {
  std::string id;          // "rhel"; empty if the image has no os-release
  std::string version_id;  // "9.4"
  std::string pretty_name;
};

enum class LibcFamily { kNone, kGlibc, kMusl };
struct Libc {
  LibcFamily family = LibcFamily::kNone;
  std::string version;  // the release, "2.34"; empty with kNone
};

enum class DatabaseStatus { kOk, kPartial, kMissing, kCorrupt, kUnreadable, kUnsupported };
struct Database {
  std::string kind;    // rpm, dpkg, apk
  std::string path;    // relative to the root, after links
  std::string format;  // sqlite, ndb, bdb-hash, bdb-btree, status, installed
  DatabaseStatus status = DatabaseStatus::kOk;
  std::uint64_t read = 0;     // packages
  std::uint64_t damaged = 0;  // records that could not be read
  std::string message;
  bool used = true;
};

struct Package {
  std::string kind;  // rpm, dpkg, apk
  std::string name;
  std::optional<std::uint64_t> epoch;
  std::string version;
  std::optional<std::string> release;
  std::string arch;
  std::string vendor;
  std::string source;
  std::optional<std::string> modularity;
  std::uint64_t size = 0;  // bytes installed
  // "name-[epoch:]version-release.arch" (rpm), "name:arch" (dpkg), "name" (apk).
  std::string owner_id() const;
};

struct Interpreter {
  std::string path;  // relative to the root
  std::string implementation = "cpython";
  std::string version;  // "3.9.18"; the patch number may be unknown: "3.9"
  std::string abi;      // "cp39"
  bool externally_managed = false;
  std::optional<std::string> owner;
  std::vector<std::string> platforms;  // wheel platform tags, best first
  bool is_default = false;             // what `python3` on the image's PATH names
  std::vector<std::string> links;      // other names of the same file: usr/bin/python3
  std::string prefix;                  // sys.prefix relative to the root: "usr", "opt/app-root"
  std::vector<std::string>
      site_packages;  // its site-packages and dist-packages that exist, relative to the root
};

struct Distribution {
  std::string name;
  std::string version;
  std::string location;  // directory relative to the root
  std::string installer;
  std::optional<std::string> owner;
};

struct Library {
  std::string path;
  std::vector<std::string> links;  // other names of the same file
  std::string soname;
  std::string machine;  // x86_64
  int bits = 64;
  std::vector<std::string> defines;                       // version nodes, sorted
  std::map<std::string, std::vector<std::string>> needs;  // DT_NEEDED -> version nodes needed of it
  std::optional<std::string> owner;
  std::vector<std::string> run_paths;               // DT_RUNPATH or DT_RPATH, as written
  std::optional<std::vector<std::string>> symbols;  // "name@@NODE", sorted; if they were asked for
  // Whether the loader finds it by its name; the others (plugins, bundled libraries) lie elsewhere
  // below /usr.
  bool in_loader_path = true;
};

struct Cpu {
  std::string vendor;
  std::optional<int> family;
  std::optional<int> model;
  std::vector<std::string> flags;
};
struct Hardware {
  std::string source = "build-host";  // or "declared"
  Cpu cpu;
  std::vector<std::string> gpus;
};

struct Accelerator {
  std::string version;
  std::string source;
};
struct Accelerators {
  std::optional<Accelerator> cuda, cudnn, mkl, openblas, openmpi;
};

// What pip in the image is configured to use (PIP_* of the image, pip.conf), credentials included;
// printing replaces them by "****". `default_index_url` is the default of the pip that is installed
// there.
struct PipConfiguration {
  std::optional<std::string> index_url;
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;
  bool no_index = false;
  std::optional<std::string> cert;
  std::optional<std::string> client_cert;
  std::vector<std::string> trusted_hosts;
  std::optional<double> timeout;  // seconds
  std::optional<std::string> proxy;
  std::optional<std::string> default_index_url;
};

struct Facts {
  std::string root;  // as given
  OsRelease os;
  std::string architecture;  // x86_64, aarch64
  Libc libc;
  std::vector<Database> databases;
  std::vector<Package> packages;
  std::vector<Interpreter> pythons;
  std::vector<Distribution> distributions;
  std::vector<Library> libraries;
  Hardware hardware;
  Accelerators accelerators;
  PipConfiguration pip;
  std::vector<std::string> warnings;
};

}  // namespace rpmenv

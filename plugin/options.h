// What each command was asked, after the command line and SESHAT_* variables were read (specs:
// README.md, "Commands"). Plain values with their defaults; knows nothing of how they are carried
// out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prescriptions {
struct ConfigurationFile;
struct RuntimeEnvironment;
}  // namespace prescriptions

namespace plugin {

// One value with the place it came from, for --show-config.
struct Setting {
  std::string name;
  std::string value;
  std::string origin;
};

struct OutputOptions {
  int verbosity = 0;  // -1 quiet, 0, 1, 2
  std::string color = "auto";
  bool no_progress = false;
};

struct IndexOptions {
  std::optional<std::string> index_url;
  std::vector<std::string> extra_index_urls;
  std::vector<std::string> find_links;
  bool no_index = false;
  std::string index_strategy = "first-index";
  std::vector<std::string> trusted_hosts;
  std::optional<std::string> cert;
  std::optional<std::string> client_cert;
  std::optional<std::string> proxy;
  std::optional<double> timeout;  // seconds
  std::optional<int> retries;
  bool offline = false;
  bool refresh = false;
  bool no_cache = false;
  std::optional<std::string> cache_dir;
  std::string remote_cache;                  // a URL or a directory; empty: none
  std::optional<std::uint64_t> cache_limit;  // bytes
};

struct TargetOptions {
  std::optional<std::string> root;
  std::string image_config;  // a file with the configuration of a root that is a directory
  std::string python;        // "X.Y" or a path in the root
  std::optional<std::string> python_version;
  std::optional<std::string> platform;
  std::optional<std::string> environment;
  std::vector<std::string> search_path;  // directories of its PATH; empty: the usual ones
  std::optional<std::string> config;     // the configuration file (.thoth.yaml where there is one)
  bool no_config = false;
  std::string runtime_environment;  // which of its entries; empty: the first
  // What was read from it; null if there is none (configuration.h).
  std::shared_ptr<const prescriptions::ConfigurationFile> configuration;
  const prescriptions::RuntimeEnvironment* declared = nullptr;  // an entry of it
};

struct SearchSettings {
  std::optional<std::string> predictor;  // none: by the recommendation type
  std::optional<std::uint64_t> seed;     // none: from the inputs' digest
  std::uint64_t limit = 10000;           // episodes
  std::uint32_t count = 1;
  std::optional<std::uint32_t> beam_width;
  std::optional<std::uint32_t> latest_versions;
  double time_limit = 60;  // seconds
  bool no_proof = false;   // episodes only
  std::uint32_t td_steps = 4;
  bool no_td_trace = false;
  std::string decision_type;  // of monkey: all or random; empty: the best
};

struct AdviseOptions {
  OutputOptions output;
  IndexOptions index;
  TargetOptions target;
  std::vector<std::string> sources;
  std::vector<std::string> with;
  std::vector<std::string> constraints;
  std::vector<std::string> overrides;
  std::optional<std::string> exclude_newer;
  std::string resolution = "highest";
  std::string prerelease = "if-necessary-or-explicit";
  bool pre = false;
  std::vector<std::string> only_binary;
  std::vector<std::string> no_binary;
  bool allow_yanked = false;
  bool allow_build = false;
  double build_time_limit = 600;  // seconds
  std::vector<std::string> extras;
  bool all_extras = false;
  std::vector<std::string> groups;
  bool develop = false;
  bool upgrade = false;
  std::vector<std::string> upgrade_packages;
  std::vector<std::string> prescriptions;
  bool no_default_prescriptions = false;
  std::vector<std::string> advisories;  // files, directories, archives of OSV records
  std::vector<std::string> scores;      // units in C++ that score releases
  std::optional<std::string> history;   // where the search is recorded
  std::optional<std::string> recommendation_type;
  std::optional<std::string> library_usage;
  bool authenticated = false;
  std::vector<std::string> outputs;
  std::string format = "pylock";
  std::vector<std::string> reports;
  bool json = false;
  bool dry_run = false;
  bool timings = false;
  bool show_config = false;
  bool check = false;          // whether an existing lock still holds; nothing is written
  bool check_wheels = false;   // download wheels and ask the image whether it has what they need
  bool check_only = false;     // the same as a gate: what is missing stops, nothing is locked
  bool all_artifacts = false;  // files for other targets too
  SearchSettings search;
  bool degrade = false;        // a failure goes into the report as one that is passed over
  std::vector<Setting> given;  // with show_config: every option
};

struct MonkeyOptions {
  AdviseOptions asked;
  std::string directory;         // where stacks go; empty: standard output
  std::string command;           // of the user's, run for each
  double exec_time_limit = 600;  // seconds
};

struct ReportOptions {
  OutputOptions output;
  std::string history;       // the file to draw
  std::string target = "-";  // *.svg, *.html
};

struct InspectCommandOptions {
  OutputOptions output;
  std::string root = "/";
  std::string image_config;
  std::vector<std::string> diff;  // two images, or none
  bool json = false;
  bool modules = false;
  bool symbols = false;
};

struct FetchOptions {
  OutputOptions output;
  IndexOptions index;
  std::string lock;
  std::string directory;
  TargetOptions target;  // whose files of a lock for several
};

struct InstallOptions {
  OutputOptions output;
  std::string lock;
  std::string python;
  std::vector<std::string> find_links;
  std::optional<std::string> target;  // --target DIR of pip
  std::optional<std::string> venv;
  // Of a build: no bytecode, whose bytes differ from one time to the next, and no cache.
  bool for_image = false;
};

struct PrescriptionsOptions {
  enum class Action { kLint, kCompile, kList, kShow, kExplain, kTest };
  OutputOptions output;
  Action action = Action::kLint;
  std::vector<std::string> sources;  // none: the shipped rules
  std::string format = "text";
  std::string unit;
  std::string target;              // of compile: the file to write
  std::vector<std::string> cases;  // of test
  bool json = false;               // of test
  std::optional<std::string> root;
  std::optional<std::string> environment;
};

struct ConfigOptions {
  OutputOptions output;
  TargetOptions target;
  std::optional<std::string> base_image;
  std::optional<std::string> recommendation_type;
  std::optional<std::string> requirements_format;  // of a new file
  std::optional<std::string> overlays_dir;         // likewise
  bool check = false;
  bool dry_run = false;
};

struct LabelsOptions {
  OutputOptions output;
  std::string directory;  // that `build-hook` wrote; empty: where it writes by itself
  std::optional<std::string> root;
  std::string format = "buildah";
  std::optional<std::string> base_image;
};

struct ProvenanceOptions {
  OutputOptions output;
  IndexOptions index;
  std::string lock;
  std::optional<std::string> root;  // hold what is installed there against the lock too
  bool json = false;
};

struct BuildHookOptions {
  AdviseOptions advise;
  std::string directory = ".";  // the application
  std::optional<std::string> venv;
  std::optional<std::string> install_target;  // --target of pip
  std::optional<std::string> output_directory;
  std::optional<std::string> wheelhouse;
  std::optional<std::string> base_image;
  bool off = false;
  bool fallback = false;
  bool locked = false;
  bool config_check = true;
  bool force = false;
  bool verify = true;
  bool provenance = false;
  bool leave_installing = false;  // to whoever called, where there is no lock of ours
};

struct UsageOptions {
  OutputOptions output;
  std::string directory;
  bool json = false;
};

struct CacheOptions {
  enum class Action { kSize, kPrune, kClear, kDir };
  OutputOptions output;
  Action action = Action::kSize;
  std::optional<std::string> cache_dir;
  std::optional<std::uint64_t> max_size;  // bytes
  bool json = false;
};

struct IndexExportOptions {
  OutputOptions output;
  std::string directory;
  std::optional<std::string> index_url;  // none: the one that the store knows
  std::vector<std::string> extra_index_urls;
  std::string index_strategy = "first-index";
  std::vector<std::string> find_links;  // wheelhouses whose files go into the export
  std::optional<std::string> cache_dir;
  bool force = false;
  bool json = false;
};

struct VerifyOptions {
  OutputOptions output;
  IndexOptions index;  // how the image's own repositories are reached, and the store
  std::string root = "/";
  bool oci_state = false;                 // the root is told on standard input, as to an OCI hook
  std::string python;                     // "X.Y" or a path in the root; empty: every interpreter
  std::string lock;                       // empty: only libraries are looked at
  std::vector<std::string> repositories;  // rpm-md, to look for what is missing
  std::string wheels;       // a directory of wheels to look at instead of what is installed
  bool check_only = false;  // only the gate: print nothing but the lines to paste
  std::vector<std::string> search_path;
  bool json = false;
};

}  // namespace plugin

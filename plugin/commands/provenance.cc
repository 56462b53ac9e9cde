// `seshat provenance`: holds the files of a lock against the indexes that it names, and what an
// image has installed against the lock. Resolves nothing and downloads no file.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/index_settings.h"
#include "plugin/report/json.h"
#include "plugin/report/terminal_text.h"
#include "resolver/index/client.h"
#include "resolver/index/file_digest.h"
#include "resolver/lock/readers.h"
#include "resolver/lock/url.h"
#include "rpmenv/inspect.h"
#include "rpmenv/root.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace lock = resolver::lock;

struct Row {
  std::string type;  // ERROR, WARNING
  std::string name;
  std::string version;
  std::string message;
};

class Provenance {
 public:
  explicit Provenance(const ProvenanceOptions& options) : options_(options) {}

  pep::Status look() {
    auto read = lock::read_lock(options_.lock);
    if (!read) return std::move(read).error();
    lock_ = *std::move(read);
    auto root = rpmenv::open_root(options_.root.value_or("/"));
    if (!root) return std::move(root).error();
    auto facts = rpmenv::inspect(
        **root, {.packages = false, .libraries = false, .accelerators = false, .owners = false});
    if (!facts) return std::move(facts).error();
    if (auto opened = open_index(facts->pip); !opened) return opened;
    for (const lock::Package& package : lock_.packages) client_->want_page(package.name);
    for (const lock::Package& package : lock_.packages) {
      if (auto checked = check(package); !checked) return checked;
    }
    if (options_.root) hold_installed(**root, *facts);
    client_->close();
    return pep::Done{};
  }

  std::size_t errors() const {
    return static_cast<std::size_t>(std::count_if(
        rows_.begin(), rows_.end(), [](const Row& row) { return row.type == "ERROR"; }));
  }

  std::string json() const {
    Json json;
    json.begin_object();
    json.key("schema");
    json.text("seshat.provenance/1");
    json.key("ok");
    json.boolean(errors() == 0);
    json.key("packages");
    json.number(static_cast<std::uint64_t>(lock_.packages.size()));
    json.key("report");
    json.begin_array();
    for (const Row& row : rows_) {
      json.begin_object();
      json.one_line();
      json.key("type");
      json.text(row.type);
      json.key("package_name");
      json.text(row.name);
      json.key("version");
      json.text(row.version);
      json.key("message");
      json.text(row.message);
      json.end_object();
      json.resume_lines();
    }
    json.end_array();
    json.end_object();
    return std::move(json).take() + "\n";
  }

  std::string text() const {
    std::string text;
    for (const Row& row : rows_) {
      text += fmt::format("{:<8} {} {}: {}\n", row.type, printable(row.name),
                          printable(row.version), printable(row.message));
    }
    if (rows_.empty())
      text = fmt::format("{} packages are what their indexes have\n", lock_.packages.size());
    return text;
  }

 private:
  void say(const char* type, const lock::Package& package, std::string message) {
    rows_.push_back({type, package.name.str(), package.has_version ? package.version.str() : "",
                     std::move(message)});
  }

  // What the lock names are the places to ask; the configuration has their credentials, and is what
  // may be asked at all.
  pep::Status open_index(const rpmenv::PipConfiguration& pip) {
    auto settings = index_settings(options_.index, {}, pip);
    if (!settings) return std::move(settings).error();
    auto client = index::Client::open(settings->client);
    if (!client) return std::move(client).error();
    client_ = std::move(*client);
    return pep::Done{};
  }

  static std::string plain(std::string_view url) {
    std::string text = lock::without_credentials(url);
    while (text.ends_with('/')) text.pop_back();
    return text;
  }

  pep::Status check(const lock::Package& package) {
    if (package.origin) {
      const bool hashed = !package.artifacts.empty() && !package.artifacts[0].sha256.empty();
      if (!hashed && package.origin->commit.empty()) {
        say("ERROR", package, fmt::format("comes from {} without a hash", package.origin->url));
      } else {
        say("WARNING", package,
            fmt::format("comes from {}, for which no index vouches", package.origin->url));
      }
      return pep::Done{};
    }
    auto page = client_->page(package.name);
    if (!page) return std::move(page).error();
    if (*page == nullptr) {
      say("ERROR", package, "none of the configured indexes has it");
      return pep::Done{};
    }
    const std::string now = (*page)->index_url();
    if (!package.index.empty() && lock::is_url(package.index) && lock::is_url(now) &&
        plain(package.index) != plain(now)) {
      say("ERROR", package,
          fmt::format("was locked from {}, and the index that is asked for it is {}",
                      lock::redacted(package.index), lock::redacted(now)));
      return pep::Done{};
    }
    if (package.artifacts.empty()) say("ERROR", package, "is locked without any hash");
    for (const lock::Artifact& artifact : package.artifacts) check_file(package, artifact, **page);
    return pep::Done{};
  }

  void check_file(const lock::Package& package, const lock::Artifact& artifact,
                  const index::Page& page) {
    const std::string shown =
        artifact.filename.empty() ? "sha256:" + artifact.sha256 : artifact.filename;
    for (std::uint32_t version = 0; version < page.version_count(); ++version) {
      if (page.version(version) != package.version) continue;
      const index::FileRange files = page.files(version);
      for (std::uint32_t number = files.begin; number < files.end; ++number) {
        const index::File file = page.file(number);
        const std::string digest = index::sha256_hex(file);
        const bool same = digest == artifact.sha256;
        if (artifact.filename.empty() ? !same : file.filename != artifact.filename) continue;
        if (!digest.empty() && !same) {
          say("ERROR", package,
              fmt::format("{}: the index has sha256 {}, locked is {}", shown, digest,
                          artifact.sha256));
        } else if (file.yanked) {
          say("WARNING", package,
              fmt::format("{} was yanked{}{}", shown, file.yanked_reason.empty() ? "" : ": ",
                          file.yanked_reason));
        }
        return;
      }
    }
    say("ERROR", package, fmt::format("the index has no file {}", shown));
  }

  // pip leaves direct_url.json behind for what it did not take from an index or a wheelhouse.
  void hold_installed(const rpmenv::Root& root, const rpmenv::Facts& facts) {
    for (const lock::Package& package : lock_.packages) {
      for (const rpmenv::Distribution& one : facts.distributions) {
        if (pep::Name::of(one.name) != package.name || one.owner) continue;
        if (package.has_version && one.version != package.version.str()) continue;  // verify's
        auto entries = root.list(one.location);
        if (!entries) continue;
        for (const rpmenv::Entry& entry : *entries) {
          const std::size_t dash = entry.name.find('-');
          if (!entry.name.ends_with(".dist-info") || dash == std::string::npos) continue;
          if (pep::Name::of(entry.name.substr(0, dash)) != package.name) continue;
          if (package.origin || !root.is_file(one.location + "/" + entry.name + "/direct_url.json"))
            continue;
          say("ERROR", package,
              fmt::format("/{} was installed from a URL of its own, and the lock says an index",
                          one.location));
        }
      }
    }
  }

  const ProvenanceOptions& options_;
  lock::Lock lock_;
  std::unique_ptr<index::Client> client_;
  std::vector<Row> rows_;
};

}  // namespace

int run_provenance(const ProvenanceOptions& options) {
  Provenance provenance(options);
  if (auto looked = provenance.look(); !looked)
    return report_failure(looked.error(), options.output, kLockStale);
  const std::string text = options.json ? provenance.json() : provenance.text();
  if (options.json || options.output.verbosity >= 0) std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) != 0) {
    return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                          options.output);
  }
  if (provenance.errors() == 0) return kDone;
  std::fprintf(stderr, "seshat: stopped: %zu files are not what the indexes have [exit code %d]\n",
               provenance.errors(), static_cast<int>(kIntegrityFailure));
  return kIntegrityFailure;
}

}  // namespace plugin

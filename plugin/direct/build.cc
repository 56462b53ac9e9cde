#include "plugin/direct/build.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "plugin/direct/process.h"
#include "resolver/index/url.h"
#include "resolver/lock/project_metadata.h"
#include "resolver/lock/source_text.h"

namespace plugin::direct {
namespace {

namespace fs = std::filesystem;
namespace lock = resolver::lock;

constexpr std::size_t kShownLines = 20;

// Calls the hooks of a backend (PEP 517). Arguments: what to do, the backend, its own directories
// separated by ":", where results go.
constexpr const char* kHooks = R"(
import importlib, os, sys, zipfile
task, backend, path, out = sys.argv[1:5]
sys.path[:] = [os.path.abspath(p) for p in path.split(":") if p] + [p for p in sys.path if p]
name, _, attributes = backend.partition(":")
hooks = importlib.import_module(name)
for attribute in filter(None, attributes.split(".")):
    hooks = getattr(hooks, attribute)
def write(leaf, text):
    with open(os.path.join(out, leaf), "w", encoding="utf-8") as file:
        file.write(text)
if task == "requires":
    hook = getattr(hooks, "get_requires_for_build_wheel", None)
    write("requires.txt", "\n".join(hook() if hook else []))
else:
    os.mkdir(os.path.join(out, "made"))
    made = os.path.join(out, "made")
    hook = getattr(hooks, "prepare_metadata_for_build_wheel", None)
    if hook:
        leaf = os.path.join(made, hook(made), "METADATA")
        with open(leaf, encoding="utf-8") as file:
            write("METADATA", file.read())
    else:
        with zipfile.ZipFile(os.path.join(made, hooks.build_wheel(made))) as wheel:
            names = [n for n in wheel.namelist() if n.endswith(".dist-info/METADATA")]
            write("METADATA", wheel.read(names[0]).decode("utf-8"))
)";

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

}  // namespace

// One build: a private directory with an environment in it.
class Builder::Workplace {
 public:
  Workplace(const Builder& builder, Scratch scratch, std::string source, std::string shown)
      : builder_(builder),
        scratch_(std::move(scratch)),
        source_(std::move(source)),
        shown_(std::move(shown)) {}

  pep::Result<std::string> build() {
    auto system = lock::build_system(
        [this](const std::string& name) { return lock::read_file(source_ + "/" + name); }, shown_);
    if (!system) return std::move(system).error();
    system_ = std::move(*system);
    if (auto made = make_environment(); !made) return std::move(made).error();
    if (auto installed = install(system_.requires_); !installed)
      return std::move(installed).error();
    if (auto asked = call_hook("requires"); !asked) return std::move(asked).error();
    std::vector<std::string> more;
    std::istringstream lines(lock::read_file(scratch_.path() + "/requires.txt").value_or(""));
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) more.push_back(line);
    }
    if (auto installed = install(more); !installed) return std::move(installed).error();
    if (auto asked = call_hook("metadata"); !asked) return std::move(asked).error();
    auto text = lock::read_file(scratch_.path() + "/METADATA");
    if (!text) return failed("its backend made no METADATA", {});
    return text;
  }

 private:
  pep::Error failed(const std::string& why, const std::string& said) const {
    return pep::error(pep::Fault::kNotFound, fmt::format("{} cannot be built: {}{}{}", shown_, why,
                                                         said.empty() ? "" : "\n", said));
  }

  pep::Result<Ended> run(std::vector<std::string> command,
                         std::map<std::string, std::optional<std::string>> variables,
                         const std::string& what) {
    Process process{.command = std::move(command),
                    .directory = source_,
                    .variables = std::move(variables),
                    .without_prefixes = {"SESHAT_", "PIP_", "PYTHON"},
                    .seconds = builder_.settings_.seconds};
    auto ended = direct::run(process);
    if (!ended) return std::move(ended).error();
    if (ended->timed_out) {
      return failed(fmt::format("{} took longer than {} seconds (--build-time-limit)", what,
                                builder_.settings_.seconds),
                    ended->last_lines(kShownLines));
    }
    if (ended->exit_code != 0) {
      return failed(fmt::format("{} failed with exit code {}", what, ended->exit_code),
                    ended->last_lines(kShownLines));
    }
    return ended;
  }

  // venv without pip: every Python 3 that has the module can make one. The target's own pip fills
  // it.
  pep::Status make_environment() {
    environment_ = scratch_.path() + "/environment";
    auto made = run({builder_.settings_.python, "-I", "-m", "venv", "--without-pip", environment_},
                    {}, "making an environment with venv");
    if (!made) return std::move(made).error();
    python_ = environment_ + "/bin/python";
    auto place =
        run({python_, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"}, {},
            "asking for site-packages");
    if (!place) return std::move(place).error();
    packages_ = place->out.substr(0, place->out.find('\n'));
    return pep::Done{};
  }

  // What pip asks, and with which secrets, is said in its environment.
  std::map<std::string, std::optional<std::string>> pip_variables() const {
    const resolver::index::ClientOptions& index = builder_.options_;
    std::map<std::string, std::optional<std::string>> set{{"PIP_DISABLE_PIP_VERSION_CHECK", "1"},
                                                          {"PIP_NO_INPUT", "1"},
                                                          {"PIP_CONFIG_FILE", "/dev/null"},
                                                          {"PIP_NO_CACHE_DIR", "1"},
                                                          {"PIP_TARGET", packages_},
                                                          {"PIP_PREFER_BINARY", "1"},
                                                          {"PIP_NO_WARN_SCRIPT_LOCATION", "1"},
                                                          {"PIP_ROOT_USER_ACTION", "ignore"}};
    if (index.index_urls.empty() || index.offline) {
      set["PIP_NO_INDEX"] = "1";
    } else {
      set["PIP_INDEX_URL"] = index.index_urls.front();
      set["PIP_EXTRA_INDEX_URL"] =
          joined({index.index_urls.begin() + 1, index.index_urls.end()}, " ");
    }
    std::vector<std::string> links;
    for (const std::string& place : index.find_links) {
      std::error_code unknown;
      const bool local = resolver::index::is_local(place);
      if (index.offline && !local) continue;
      links.push_back(local ? fs::absolute(resolver::index::local_path(place), unknown).string()
                            : place);
    }
    if (!links.empty()) set["PIP_FIND_LINKS"] = joined(links, " ");
    if (!index.trusted_hosts.empty()) set["PIP_TRUSTED_HOST"] = joined(index.trusted_hosts, " ");
    if (!index.ca_bundle.empty()) set["PIP_CERT"] = index.ca_bundle;
    if (!index.proxy.empty()) set["PIP_PROXY"] = index.proxy;
    return set;
  }

  pep::Status install(const std::vector<std::string>& requirements) {
    if (requirements.empty()) return pep::Done{};
    const std::string list = scratch_.path() + "/build-requirements.txt";
    std::ofstream(list) << joined(requirements, "\n") << "\n";
    auto there = run({builder_.settings_.python, "-m", "pip", "--version"}, {},
                     "asking the target's pip, which build requirements need,");
    if (!there) return std::move(there).error();
    auto done = run({builder_.settings_.python, "-m", "pip", "install", "--quiet", "-r", list},
                    pip_variables(),
                    "installing its build requirements (" + joined(requirements, ", ") + ")");
    if (!done) return std::move(done).error();
    return pep::Done{};
  }

  pep::Status call_hook(const std::string& task) {
    const char* path = std::getenv("PATH");
    auto done = run({python_, "-c", kHooks, task, system_.backend,
                     joined(system_.backend_path, ":"), scratch_.path()},
                    {{"PATH", environment_ + "/bin:" + packages_ +
                                  "/bin:" + (path == nullptr ? "/usr/bin:/bin" : path)},
                     {"VIRTUAL_ENV", environment_},
                     {"PYTHONNOUSERSITE", "1"}},
                    "its backend " + system_.backend);
    if (!done) return std::move(done).error();
    return pep::Done{};
  }

  const Builder& builder_;
  Scratch scratch_;
  const std::string source_;
  const std::string shown_;
  lock::BuildSystem system_;
  std::string environment_;
  std::string python_;
  std::string packages_;
};

pep::Result<std::string> Builder::metadata_of(const std::string& directory,
                                              const std::string& shown) {
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch).error();
  return Workplace(*this, std::move(*scratch), directory, shown).build();
}

}  // namespace plugin::direct

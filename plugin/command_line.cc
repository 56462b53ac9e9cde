#include "plugin/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "plugin/exit_code.h"
#include "plugin/option_kinds.h"
#include "plugin/version.h"

namespace plugin {

namespace {

void add_cache(CLI::App& app, CacheOptions& cache) {
  using Action = CacheOptions::Action;
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* help, Action action) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([&cache, action] { cache.action = action; });
    add_cache_dir(*sub, cache.cache_dir);
    flag(*sub, "--json", cache.json, "As JSON");
    add_output(*sub, cache.output);
    return sub;
  };
  command("size", "How large the store is, and what is in it", Action::kSize);
  CLI::App* prune = command("prune", "Drop what is superseded, stale or damaged; metadata are kept",
                            Action::kPrune);
  size_option(*prune, "--max-size", cache.max_size,
              "Then also what was not of use for longest, until it is no larger, e.g. 200MiB");
  command("clear", "Remove the store", Action::kClear);
  command("dir", "Where the store is", Action::kDir);
}

void add_index_export(CLI::App& app, IndexExportOptions& options) {
  app.require_subcommand(1);
  CLI::App* sub = app.add_subcommand(
      "export", "Write what the store knows as a static index, below DIR/simple");
  sub->add_option("DIR", options.directory, "Where it goes: a new or an empty directory")
      ->required();
  flag(*sub, "--force", options.force, "DIR may hold other things; its simple/ is replaced");
  option(*sub, "-i,--index-url", options.index_url,
         "The index to export (default: the one that the store knows)");
  repeatable(*sub, "--extra-index-url", options.extra_index_urls,
             "Another, for names that the ones before it do not have");
  one_of(option(*sub, "--index-strategy", options.index_strategy, "As for advise"),
         {"first-index", "unsafe-best-match"});
  repeatable(*sub, "-f,--find-links", options.find_links,
             "A wheelhouse, as `seshat fetch` makes it: its files go into the export");
  add_cache_dir(*sub, options.cache_dir);
  flag(*sub, "--json", options.json, "As JSON");
  add_output(*sub, options.output);
}

void add_usage_command(CLI::App& app, UsageOptions& usage) {
  app.add_option("DIR", usage.directory, "The application's sources")->required();
  flag(app, "--json", usage.json, "As --library-usage of advise takes it");
  add_output(app, usage.output);
}

// Each command takes sources, or looks at the rules that come with the program.
void add_prescriptions(CLI::App& app, PrescriptionsOptions& rules) {
  using Action = PrescriptionsOptions::Action;
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* help, Action action) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([&rules, action] { rules.action = action; });
    add_output(*sub, rules.output);
    return sub;
  };
  const char* sources =
      "Files, directories or archives of prescriptions, or URL#sha256=HEX (default: those shipped)";
  CLI::App* lint = command("lint", "Check prescriptions: exit code 2 with errors", Action::kLint);
  lint->add_option("SRC", rules.sources, sources);
  one_of(lint->add_option("--format", rules.format, "text, json or sarif"),
         {"text", "json", "sarif"});
  CLI::App* compile =
      command("compile", "Put prescriptions into one file that is used without reading it",
              Action::kCompile);
  compile->add_option("SRC", rules.sources, sources);
  compile->add_option("-o,--output", rules.target, "The file to write, - for standard output")
      ->required();
  CLI::App* list = command("list", "All units with their types and places", Action::kList);
  list->add_option("SRC", rules.sources, sources);
  CLI::App* show = command("show", "A unit as it is written", Action::kShow);
  show->add_option("UNIT", rules.unit, "NAMESPACE.NAME, or NAME")->required();
  repeatable(*show, "--prescriptions", rules.sources, sources);
  CLI::App* explain =
      command("explain", "When a unit takes part and what it does, in sentences", Action::kExplain);
  explain->add_option("UNIT", rules.unit, "NAMESPACE.NAME, or NAME")->required();
  repeatable(*explain, "--prescriptions", rules.sources, sources);
  option(*explain, "--root", rules.root, "Say whether it takes part in this image");
  option(*explain, "--environment", rules.environment, "Declared facts, as for advise");
  CLI::App* test =
      command("test", "Run declared cases of rules: exit code 2 if one fails", Action::kTest);
  test->add_option("FILE", rules.cases, "Cases, as prescriptions/schema.md says")->required();
  repeatable(*test, "--prescriptions", rules.sources, sources);
  flag(*test, "--json", rules.json, "As JSON");
}

void add_inspect(CLI::App& app, InspectCommandOptions& inspect) {
  CLI::Option* root =
      app.add_option("ROOT", inspect.root,
                     "The image: the directory of its root file system, an OCI layout, or an OCI "
                     "or docker archive (default: /)");
  CLI::Option* same = option(app, "--root", inspect.root, "The same");
  CLI::Option* config = add_image_config(app, inspect.image_config);
  option(app, "--diff", inspect.diff, "Say what changed from image BEFORE to image AFTER")
      ->type_name("BEFORE AFTER")
      ->expected(2)
      ->excludes(root, same, config);
  flag(app, "--json", inspect.json, "As JSON");
  flag(app, "--modules", inspect.modules, "Extension modules of Python too");
  flag(app, "--symbols", inspect.symbols, "What each library exports too, symbol by symbol (JSON)");
  add_output(app, inspect.output);
}

void add_fetch(CLI::App& app, FetchOptions& fetch) {
  app.add_option("LOCK", fetch.lock, "pylock*.toml")->required();
  option(app, "-d,--directory", fetch.directory, "Where they go: a wheelhouse")->required();
  add_index(app, fetch.index);
  add_output(app, fetch.output);
}

void add_install(CLI::App& app, InstallOptions& install) {
  app.add_option("LOCK", install.lock, "pylock*.toml, or requirements with hashes")->required();
  repeatable(app, "-f,--find-links", install.find_links,
             "A wheelhouse made by `seshat fetch`: no index is asked then");
  option(app, "--python", install.python, "The interpreter (default: python3 on PATH)");
  option(app, "--target", install.target, "Install into this directory");
  flag(app, "--for-image", install.for_image,
       "Compile no bytecode and keep no cache: the same lock is the same files");
  option(app, "--venv", install.venv,
         "Install into this virtual environment; made if it is not there");
  add_output(app, install.output);
}

void add_verify(CLI::App& app, VerifyOptions& verify) {
  app.add_option("LOCK", verify.lock, "A lock that the installed versions are held against");
  option(app, "--root", verify.root, "The image (default: /)");
  flag(app, "--oci-state", verify.oci_state,
       "As an OCI hook: the container's state, which says where its root is, comes on standard "
       "input");
  option(app, "--python", verify.python, "Its interpreter: X.Y, or a path (default: all)");
  repeatable(app, "--repository", verify.repositories,
             "An rpm-md repository (a directory with repodata/) to look for what is missing in")
      ->type_name("DIR");
  option(
      app, "--wheels", verify.wheels,
      "Before an installation: look at the wheels in DIR (those of LOCK, else all) instead of at "
      "what is installed")
      ->type_name("DIR");
  add_network(app, verify.index);
  flag(app, "--check-only", verify.check_only,
       "Be a gate only: print nothing but the lines that install what is missing");
  flag(app, "--json", verify.json, "As JSON");
  add_output(app, verify.output);
}

void add_report(CLI::App& app, ReportOptions& report) {
  app.require_subcommand(1);
  CLI::App* history = app.add_subcommand("history", "Draw how a search went");
  history->add_option("FILE", report.history, "What `seshat advise --history FILE` wrote")
      ->required();
  option(*history, "-o,--output", report.target,
         "*.svg or *.html (default: SVG on standard output)");
  add_output(*history, report.output);
}

// The options of one command and what they were read into.
template <class Options>
class Subcommand {
 public:
  using Add = void (*)(CLI::App&, Options&);
  // A run reads the options of one command: those of the others are not even made, which spares a
  // warm run a fifteenth of its time.
  Subcommand(CLI::App& app, std::span<const char* const> words, const char* name, const char* about,
             Add add)
      : app_(*app.add_subcommand(name, about)) {
    const bool named = std::any_of(words.begin(), words.end(), [&](const char* word) {
      return std::string_view(word) == name;
    });
    named_ = named;
    if (!named) return;
    const auto shows = [](const char* word) { return std::string_view(word) == "--show-config"; };
    if (std::any_of(words.begin(), words.end(), shows) ||
        std::getenv("SESHAT_SHOW_CONFIG") != nullptr) {
      app_.option_defaults()->always_capture_default();
    }
    add(app_, options_);
  }
  std::vector<Setting> settings() const { return settings_of(app_); }
  bool parsed() const { return app_.parsed(); }
  bool named() const { return named_; }
  Options& options() { return options_; }

 private:
  bool named_ = false;
  CLI::App& app_;
  Options options_;
};

}  // namespace

Command read_command_line(int argc, const char* const* argv) {
  CLI::App app("Resolves a Python application so that it works in the image that it is built into.",
               "seshat");
  app.set_version_flag("-V,--version", kVersionText);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 internal error, 2 usage or input, 3 conflicting inputs, 4 no "
      "solution,\n"
      "5 lock stale, 6 target mismatch, 7 integrity, 8 not acceptable, 9 index unavailable,\n"
      "10 install failed, 11 verification failed.");

  const std::span words(argv, static_cast<std::size_t>(argc));
  Subcommand<AdviseOptions> advise(app, words, "advise",
                                   "Resolve, apply prescriptions, write the lock", add_advise);
  Subcommand<InspectCommandOptions> inspect(app, words, "inspect", "Say what an image is",
                                            add_inspect);
  Subcommand<FetchOptions> fetch(app, words, "fetch", "Download a lock's artifacts, each verified",
                                 add_fetch);
  Subcommand<InstallOptions> install(app, words, "install",
                                     "Have this image's pip install a lock, without resolving",
                                     add_install);
  Subcommand<VerifyOptions> verify(
      app, words, "verify", "After an installation: do all extension modules find their libraries?",
      add_verify);
  Subcommand<PrescriptionsOptions> rules(app, words, "prescriptions",
                                         "For authors of prescriptions", add_prescriptions);
  Subcommand<CacheOptions> cache(app, words, "cache", "The store of what indexes said", add_cache);
  Subcommand<UsageOptions> usage(app, words, "usage", "Which imported symbols Python sources use",
                                 add_usage_command);
  Subcommand<IndexExportOptions> index(app, words, "index", "The store as an index of its own",
                                       add_index_export);
  Subcommand<MonkeyOptions> monkey(
      app, words, "monkey", "Many stacks that hold, each tried by a command of yours", add_monkey);
  Subcommand<ReportOptions> report(app, words, "report", "Draw what a run recorded", add_report);
  Subcommand<BuildHookOptions> hook(
      app, words, "build-hook",
      "In a build: inspect, decide, fetch, install, verify, as the environment says",
      add_build_hook);
  Subcommand<ConfigOptions> config(
      app, words, "config", "Write .thoth.yaml by looking at the image, or check it", add_config);
  Subcommand<LabelsOptions> labels(app, words, "labels", "The labels of an image that was built",
                                   add_labels);
  Subcommand<ProvenanceOptions> provenance(
      app, words, "provenance", "Does the index still have what was locked?", add_provenance);
  if (hook.named()) map_foreign_variables();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    if (code == 0) return Answered{kDone, out.str()};
    return Answered{kUsageError, "error: " + err.str()};
  }
  if (advise.parsed()) {
    if (advise.options().check_only) advise.options().check_wheels = true;
    if (advise.options().pre) advise.options().prerelease = "allow";
    if (advise.options().show_config) advise.options().given = advise.settings();
    return std::move(advise.options());
  }
  if (monkey.parsed()) {
    if (monkey.options().asked.pre) monkey.options().asked.prerelease = "allow";
    return std::move(monkey.options());
  }
  if (report.parsed()) return std::move(report.options());
  if (hook.parsed()) {
    if (hook.options().advise.pre) hook.options().advise.prerelease = "allow";
    return std::move(hook.options());
  }
  if (config.parsed()) return std::move(config.options());
  if (labels.parsed()) return std::move(labels.options());
  if (provenance.parsed()) return std::move(provenance.options());
  if (inspect.parsed()) return std::move(inspect.options());
  if (verify.parsed()) return std::move(verify.options());
  if (fetch.parsed()) return std::move(fetch.options());
  if (rules.parsed()) return std::move(rules.options());
  if (cache.parsed()) return std::move(cache.options());
  if (usage.parsed()) return std::move(usage.options());
  if (index.parsed()) return std::move(index.options());
  return std::move(install.options());
}

}  // namespace plugin

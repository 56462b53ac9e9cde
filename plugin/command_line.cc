#include "plugin/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "plugin/exit_code.h"
#include "plugin/version.h"

namespace plugin {

namespace {

// "--index-url" is SESHAT_INDEX_URL.
std::string variable_of(const std::string& names) {
  const std::size_t begin = names.find("--");
  std::string long_name = names.substr(begin + 2, names.find(',', begin) - begin - 2);
  std::string variable = "SESHAT_";
  for (char c : long_name) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

template <class T>
CLI::Option* option(CLI::App& app, const std::string& names, T& value, const std::string& help) {
  return app.add_option(names, value, help)->envname(variable_of(names));
}

CLI::Option* flag(CLI::App& app, const std::string& names, bool& value, const std::string& help) {
  return app.add_flag(names, value, help)->envname(variable_of(names));
}

// A variable holds all values of its option: separated by line breaks, or by blanks as in pip where
// a value has none ("--with" and paths may).
std::vector<std::string> values_of_variable(const std::string& text) {
  const bool lines = text.find('\n') != std::string::npos;
  const bool blanks = !lines && text.find("://") != std::string::npos;
  std::vector<std::string> values;
  std::istringstream rest(text);
  if (lines || !blanks) {
    for (std::string line; std::getline(rest, line);) {
      if (line.find_first_not_of(" \t\r") != std::string::npos) values.push_back(line);
    }
    return values;
  }
  for (std::string word; rest >> word;) values.push_back(word);
  return values;
}

CLI::Option* repeatable(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                        const std::string& help) {
  const std::string variable = variable_of(names);
  const auto take = [&values, variable](const std::vector<std::string>& given) {
    const char* text = std::getenv(variable.c_str());
    const bool of_variable = text != nullptr && given.size() == 1 && given[0] == text;
    values = of_variable ? values_of_variable(given[0]) : given;
  };
  return app.add_option_function<std::vector<std::string>>(names, take, help)
      ->envname(variable)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_output(CLI::App& app, OutputOptions& output) {
  app.add_flag_function(
         "-q,--quiet",
         [&output](std::int64_t count) { output.verbosity = count > 0 ? -1 : output.verbosity; },
         "Say nothing but errors")
      ->envname("SESHAT_QUIET")
      ->group("Messages");
  app.add_flag_function(
         "-v,--verbose",
         [&output](std::int64_t count) {
           if (count > 0) output.verbosity = static_cast<int>(std::min<std::int64_t>(count, 2));
         },
         "Say more; -vv: say everything")
      ->envname("SESHAT_VERBOSE")
      ->group("Messages");
  option(app, "--color", output.color, "auto, always or never; NO_COLOR is honoured")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group("Messages");
  flag(app, "--no-progress", output.no_progress, "Show no progress")->group("Messages");
}

// Bytes, or with a unit: 500MB, 1GiB; both count by 1024.
CLI::Option* size_option(CLI::App& app, const std::string& name,
                         std::optional<std::uint64_t>& value, const std::string& help) {
  return option(app, name, value, help)->transform(CLI::AsSizeValue(false));
}

CLI::Option* add_cache_dir(CLI::App& app, std::optional<std::string>& directory) {
  return option(app, "--cache-dir", directory,
                "Where the store is (default: $XDG_CACHE_HOME/seshat, else ~/.cache/seshat)");
}

void add_index(CLI::App& app, IndexOptions& index) {
  option(app, "-i,--index-url", index.index_url,
         "The package index (default: what pip in the target is configured for, else what it asks "
         "by itself)")
      ->group("Index");
  repeatable(app, "--extra-index-url", index.extra_index_urls,
             "Another index, asked for names that the ones before it do not have")
      ->group("Index");
  repeatable(app, "-f,--find-links", index.find_links, "A directory or page of distributions")
      ->group("Index");
  flag(app, "--no-index", index.no_index, "Ask no index, only --find-links")->group("Index");
  option(app, "--index-strategy", index.index_strategy,
         "first-index: the first index that has a name answers for it; unsafe-best-match: all of "
         "them, as pip does")
      ->check(CLI::IsMember({"first-index", "unsafe-best-match"}))
      ->group("Index");
  repeatable(app, "--trusted-host", index.trusted_hosts, "A host whose certificate is not checked")
      ->group("Index");
  option(app, "--cert", index.cert, "A file of certificates to trust instead of the target's")
      ->group("Index");
  option(app, "--client-cert", index.client_cert,
         "A file with the certificate that we show, and its key")
      ->group("Index");
  option(app, "--proxy", index.proxy,
         "http://[user:password@]host:port (default: https_proxy, http_proxy, no_proxy)")
      ->group("Index");
  option(app, "--timeout", index.timeout, "Seconds without progress (default: 30)")
      ->check(CLI::Range(0.1, 86400.0))
      ->group("Index");
  option(app, "--retries", index.retries, "How often what may pass is tried again (default: 3)")
      ->check(CLI::Range(0, 100))
      ->group("Index");
  flag(app, "--offline", index.offline, "Open no socket: answer from the store alone")
      ->group("Store");
  flag(app, "--refresh", index.refresh, "Ask the index again even where the store is fresh")
      ->group("Store");
  flag(app, "--no-cache", index.no_cache, "Keep nothing between runs")->group("Store");
  add_cache_dir(app, index.cache_dir)->group("Store");
  size_option(app, "--cache-limit", index.cache_limit,
              "How large the store may become, e.g. 500MiB (default: 1GiB)")
      ->group("Store");
}

CLI::Option* add_image_config(CLI::App& app, std::string& path) {
  return option(app, "--image-config", path,
                "The image's configuration for a directory, which has none: what 'buildah inspect' "
                "or 'docker inspect' print")
      ->type_name("FILE");
}

void add_target(CLI::App& app, TargetOptions& target) {
  option(app, "--root", target.root,
         "The image: the directory of its root file system, an OCI layout, or an OCI or docker "
         "archive (default: /)")
      ->group("Target");
  add_image_config(app, target.image_config)->group("Target");
  option(app, "--python", target.python, "The interpreter: X.Y, or its path in the image")
      ->group("Target");
  option(app, "--python-version", target.python_version,
         "A declared Python version; with --platform no image is read at all")
      ->group("Target");
  option(app, "--platform", target.platform,
         "A declared platform, e.g. manylinux_2_28_x86_64, musllinux_1_2_aarch64")
      ->group("Target");
  option(app, "--environment", target.environment,
         "Declared facts as YAML: they overrule what was read")
      ->group("Target");
}

void add_requirements(CLI::App& app, AdviseOptions& options) {
  app.add_option("SRC", options.sources,
                 "requirements*.txt, *.in, pyproject.toml, Pipfile, setup.cfg, or - for standard "
                 "input (default: the "
                 "one manifest here)")
      ->group("Requirements");
  repeatable(app, "--with", options.with, "A further requirement")->group("Requirements");
  repeatable(app, "-c,--constraint", options.constraints, "A file of constraints")
      ->group("Requirements");
  repeatable(app, "--override", options.overrides,
             "A file of requirements that replace all others on their names")
      ->group("Requirements");
  repeatable(app, "--extra", options.extras, "An extra of the project")->group("Requirements");
  flag(app, "--all-extras", options.all_extras, "All extras of the project")->group("Requirements");
  repeatable(app, "--group", options.groups, "A dependency group of the project")
      ->group("Requirements");
  flag(app, "--dev", options.develop, "Requirements for development too")->group("Requirements");
}

void add_candidates(CLI::App& app, AdviseOptions& options) {
  option(app, "--exclude-newer", options.exclude_newer,
         "Only files uploaded before: RFC 3339, or a date (UTC)")
      ->group("Candidates");
  option(app, "--resolution", options.resolution, "highest, lowest or lowest-direct")
      ->check(CLI::IsMember({"highest", "lowest", "lowest-direct"}))
      ->group("Candidates");
  option(app, "--prerelease", options.prerelease,
         "allow, disallow, if-necessary, explicit, if-necessary-or-explicit")
      ->check(CLI::IsMember(
          {"allow", "disallow", "if-necessary", "explicit", "if-necessary-or-explicit"}))
      ->group("Candidates");
  flag(app, "--pre", options.pre, "The same as --prerelease allow")->group("Candidates");
  repeatable(app, "--only-binary", options.only_binary, "Wheels only for NAME, or :all:")
      ->group("Candidates");
  repeatable(app, "--no-binary", options.no_binary, "No wheels for NAME, or :all:")
      ->group("Candidates");
  flag(app, "--allow-yanked", options.allow_yanked, "Yanked files too")->group("Candidates");
  flag(app, "--allow-build", options.allow_build,
       "Let metadata be built by the target's Python where nothing else says them: runs code of "
       "the project")
      ->group("Candidates");
  option(app, "--build-time-limit", options.build_time_limit, "Of each step of a build (10m)")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}))
      ->group("Candidates");
  flag(app, "-U,--upgrade", options.upgrade, "Do not prefer the versions of an existing lock")
      ->group("Candidates");
  repeatable(app, "-P,--upgrade-package", options.upgrade_packages, "The same for one package")
      ->group("Candidates");
}

void add_rules(CLI::App& app, AdviseOptions& options) {
  repeatable(app, "--prescriptions", options.prescriptions, "A file or directory of prescriptions")
      ->group("Rules");
  flag(app, "--no-default-prescriptions", options.no_default_prescriptions,
       "Without the rules that come with Seshat")
      ->group("Rules");
  option(app, "--recommendation-type", options.recommendation_type,
         "latest, stable, testing, performance or security (default: stable)")
      ->check(CLI::IsMember({"latest", "stable", "testing", "performance", "security"}))
      ->group("Rules");
  option(app, "--library-usage", options.library_usage,
         "JSON: the symbols that the application uses")
      ->group("Rules");
  flag(app, "--authenticated", options.authenticated, "The request counts as authenticated")
      ->group("Rules");
}

void add_search(CLI::App& app, SearchSettings& search) {
  option(app, "--predictor", search.predictor,
         "td, annealing, hill-climbing, mcts, random-walk, sampling or latest (default: td; for "
         "the type latest: latest)")
      ->check(CLI::IsMember(
          {"td", "annealing", "hill-climbing", "mcts", "random-walk", "sampling", "latest"}))
      ->group("Search");
  option(app, "--seed", search.seed, "Of the random numbers (default: from the inputs)")
      ->group("Search");
  option(app, "--limit", search.limit, "Episodes at most")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000000000}))
      ->group("Search");
  option(app, "--count", search.count, "How many stacks to report, best first")
      ->check(CLI::Range(1U, 1000U))
      ->group("Search");
  option(app, "--beam-width", search.beam_width, "Stacks that episodes may go on from")
      ->check(CLI::Range(1U, 1000000U))
      ->group("Search");
  option(app, "--limit-latest-versions", search.latest_versions,
         "Only so many newest versions of each package")
      ->check(CLI::Range(1U, 100000U))
      ->group("Search");
  option(app, "--time-limit", search.time_limit, "Of the search: 60s, 500ms, 2m")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}))
      ->group("Search");
}

void add_answers(CLI::App& app, AdviseOptions& options) {
  repeatable(
      app, "-o,--output", options.outputs,
      "The lock: pylock*.toml, *.txt with hashes, Pipfile.lock; - is standard output (default: "
      "pylock.toml)")
      ->group("Answer");
  option(app, "--format", options.format, "What -o - writes: pylock, requirements or pipfile")
      ->check(CLI::IsMember({"pylock", "requirements", "pipfile"}))
      ->group("Answer");
  repeatable(app, "--report", options.reports, "A report: *.json, *.html, *.sarif or *.md")
      ->group("Answer");
  flag(app, "--json", options.json, "The JSON report on standard output")->group("Answer");
  flag(app, "--check", options.check,
       "Resolve nothing, write nothing: is the lock still what is asked? Exit code 5 if not")
      ->group("Answer");
  flag(app, "--check-wheels", options.check_wheels,
       "Download the wheels and take only those whose libraries find theirs in the image");
  flag(app, "--all-artifacts", options.all_artifacts,
       "List a version's files for other targets in the lock too")
      ->group("Answer");
  flag(app, "--dry-run", options.dry_run, "Write no file")->group("Answer");
  flag(app, "--timings", options.timings, "Seconds in the report")->group("Answer");
  flag(app, "--show-config", options.show_config, "Print every value with the place it came from")
      ->group("Answer");
}

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
  option(*sub, "--index-strategy", options.index_strategy, "As for advise")
      ->check(CLI::IsMember({"first-index", "unsafe-best-match"}));
  repeatable(*sub, "-f,--find-links", options.find_links,
             "A wheelhouse, as `seshat fetch` makes it: its files go into the export");
  add_cache_dir(*sub, options.cache_dir);
  flag(*sub, "--json", options.json, "As JSON");
  add_output(*sub, options.output);
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
  const char* sources = "Files or directories of prescriptions (default: those that are shipped)";
  CLI::App* lint = command("lint", "Check prescriptions: exit code 2 with errors", Action::kLint);
  lint->add_option("SRC", rules.sources, sources);
  lint->add_option("--format", rules.format, "text, json or sarif")
      ->check(CLI::IsMember({"text", "json", "sarif"}));
  CLI::App* compile =
      command("compile", "Put prescriptions into one file that is used without reading it",
              Action::kCompile);
  compile->add_option("SRC", rules.sources, sources);
  compile->add_option("-o,--output", rules.target, "The file to write")->required();
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
}

void add_advise(CLI::App& app, AdviseOptions& advise) {
  add_requirements(app, advise);
  add_target(app, advise.target);
  add_index(app, advise.index);
  add_candidates(app, advise);
  add_rules(app, advise);
  add_search(app, advise.search);
  add_answers(app, advise);
  add_output(app, advise.output);
}

void add_inspect(CLI::App& app, InspectCommandOptions& inspect) {
  app.add_option("ROOT", inspect.root,
                 "The image: the directory of its root file system, an OCI layout, or an OCI or "
                 "docker archive (default: /)");
  option(app, "--root", inspect.root, "The same");
  add_image_config(app, inspect.image_config);
  option(app, "--diff", inspect.diff, "Say what changed from image BEFORE to image AFTER")
      ->type_name("BEFORE AFTER")
      ->expected(2);
  flag(app, "--json", inspect.json, "As JSON");
  flag(app, "--modules", inspect.modules, "Extension modules of Python too");
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
  add_output(app, install.output);
}

void add_verify(CLI::App& app, VerifyOptions& verify) {
  app.add_option("LOCK", verify.lock, "A lock that the installed versions are held against");
  option(app, "--root", verify.root, "The image (default: /)");
  option(app, "--python", verify.python, "Its interpreter: X.Y, or a path (default: all)");
  repeatable(app, "--repository", verify.repositories,
             "An rpm-md repository (a directory with repodata/) to look for what is missing in")
      ->type_name("DIR");
  option(
      app, "--wheels", verify.wheels,
      "Before an installation: look at the wheels in DIR (those of LOCK, else all) instead of at "
      "what is installed")
      ->type_name("DIR");
  flag(app, "--json", verify.json, "As JSON");
  add_output(app, verify.output);
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
    if (named) add(app_, options_);
  }
  bool parsed() const { return app_.parsed(); }
  Options& options() { return options_; }

 private:
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
  Subcommand<IndexExportOptions> index(app, words, "index", "The store as an index of its own",
                                       add_index_export);
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
    if (advise.options().pre) advise.options().prerelease = "allow";
    return std::move(advise.options());
  }
  if (inspect.parsed()) return std::move(inspect.options());
  if (verify.parsed()) return std::move(verify.options());
  if (fetch.parsed()) return std::move(fetch.options());
  if (rules.parsed()) return std::move(rules.options());
  if (cache.parsed()) return std::move(cache.options());
  if (index.parsed()) return std::move(index.options());
  return std::move(install.options());
}

}  // namespace plugin

#include "plugin/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

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

void add_target(CLI::App& app, TargetOptions& target) {
  option(app, "--root", target.root,
         "The image: the directory of its root file system (default: /)")
      ->group("Target");
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

}  // namespace

Command read_command_line(int argc, const char* const* argv) {
  AdviseOptions advise;
  InspectCommandOptions inspect;
  FetchOptions fetch;
  InstallOptions install;
  PrescriptionsOptions rules;
  VerifyOptions verify;
  CacheOptions cache;
  IndexExportOptions index_export;

  CLI::App app("Resolves a Python application so that it works in the image that it is built into.",
               "seshat");
  app.set_version_flag("-V,--version", kVersionText);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 internal error, 2 usage or input, 3 conflicting inputs, 4 no "
      "solution,\n"
      "5 lock stale, 6 target mismatch, 7 integrity, 8 not acceptable, 9 index unavailable,\n"
      "10 install failed, 11 verification failed.");

  CLI::App* advise_app =
      app.add_subcommand("advise", "Resolve, apply prescriptions, write the lock");
  add_requirements(*advise_app, advise);
  add_target(*advise_app, advise.target);
  add_index(*advise_app, advise.index);
  add_candidates(*advise_app, advise);
  add_rules(*advise_app, advise);
  add_search(*advise_app, advise.search);
  add_answers(*advise_app, advise);
  add_output(*advise_app, advise.output);

  CLI::App* inspect_app = app.add_subcommand("inspect", "Say what an image is");
  inspect_app->add_option("ROOT", inspect.root,
                          "The image: the directory of its root file system, an OCI layout, or an "
                          "OCI or docker archive (default: /)");
  option(*inspect_app, "--root", inspect.root, "The same");
  option(*inspect_app, "--image-config", inspect.image_config,
         "The image's configuration for a directory, which has none: what 'buildah inspect' or "
         "'docker inspect' print")
      ->type_name("FILE");
  option(*inspect_app, "--diff", inspect.diff, "Say what changed from image BEFORE to image AFTER")
      ->type_name("BEFORE AFTER")
      ->expected(2);
  flag(*inspect_app, "--json", inspect.json, "As JSON");
  flag(*inspect_app, "--modules", inspect.modules, "Extension modules of Python too");
  add_output(*inspect_app, inspect.output);

  CLI::App* fetch_app = app.add_subcommand("fetch", "Download a lock's artifacts, each verified");
  fetch_app->add_option("LOCK", fetch.lock, "pylock*.toml")->required();
  option(*fetch_app, "-d,--directory", fetch.directory, "Where they go: a wheelhouse")->required();
  add_index(*fetch_app, fetch.index);
  add_output(*fetch_app, fetch.output);

  CLI::App* install_app =
      app.add_subcommand("install", "Have this image's pip install a lock, without resolving");
  install_app->add_option("LOCK", install.lock, "pylock*.toml, or requirements with hashes")
      ->required();
  repeatable(*install_app, "-f,--find-links", install.find_links,
             "A wheelhouse made by `seshat fetch`: no index is asked then");
  option(*install_app, "--python", install.python, "The interpreter (default: python3 on PATH)");
  option(*install_app, "--target", install.target, "Install into this directory");
  add_output(*install_app, install.output);

  CLI::App* verify_app = app.add_subcommand(
      "verify", "After an installation: do all extension modules find their libraries?");
  verify_app->add_option("LOCK", verify.lock,
                         "A lock that the installed versions are held against");
  option(*verify_app, "--root", verify.root, "The image (default: /)");
  option(*verify_app, "--python", verify.python, "Its interpreter: X.Y, or a path (default: all)");
  option(
      *verify_app, "--wheels", verify.wheels,
      "Before an installation: look at the wheels in DIR (those of LOCK, else all) instead of at "
      "what is installed")
      ->type_name("DIR");
  flag(*verify_app, "--json", verify.json, "As JSON");
  add_output(*verify_app, verify.output);

  CLI::App* rules_app = app.add_subcommand("prescriptions", "For authors of prescriptions");
  add_prescriptions(*rules_app, rules);

  CLI::App* cache_app = app.add_subcommand("cache", "The store of what indexes said");
  add_cache(*cache_app, cache);

  CLI::App* index_app = app.add_subcommand("index", "The store as an index of its own");
  add_index_export(*index_app, index_export);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    if (code == 0) return Answered{kDone, out.str()};
    return Answered{kUsageError, "error: " + err.str()};
  }
  if (advise_app->parsed()) {
    if (advise.pre) advise.prerelease = "allow";
    return advise;
  }
  if (inspect_app->parsed()) return inspect;
  if (verify_app->parsed()) return verify;
  if (fetch_app->parsed()) return fetch;
  if (rules_app->parsed()) return rules;
  if (cache_app->parsed()) return cache;
  if (index_app->parsed()) return index_export;
  return install;
}

}  // namespace plugin

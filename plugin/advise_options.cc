// The options of `advise`.
#include <CLI/CLI.hpp>
#include <map>

#include "plugin/option_kinds.h"

namespace plugin {

namespace {

void add_target(CLI::App& app, TargetOptions& target) {
  app.option_defaults()->group("Target");
  option(app, "--root", target.root,
         "The image: the directory of its root file system, an OCI layout, or an OCI or docker "
         "archive (default: /)");
  add_image_config(app, target.image_config);
  option(app, "--python", target.python, "The interpreter: X.Y, or its path in the image");
  option(app, "--python-version", target.python_version,
         "A declared Python version; with --platform no image is read at all");
  option(app, "--platform", target.platform,
         "A declared platform, e.g. manylinux_2_28_x86_64, musllinux_1_2_aarch64");
  option(app, "--environment", target.environment,
         "Declared facts as YAML: they overrule what was read");
  option(app, "--config", target.config,
         "The configuration of the project (default: .thoth.yaml where there is one)")
      ->type_name("FILE");
  flag(app, "--no-config", target.no_config, "Read no configuration of the project");
  option(app, "--runtime-environment", target.runtime_environment,
         "Which environment of the configuration (default: its first)")
      ->type_name("NAME");
}

void add_requirements(CLI::App& app, AdviseOptions& options) {
  app.option_defaults()->group("Requirements");
  app.add_option("SRC", options.sources,
                 "requirements*.txt, *.in, pyproject.toml, Pipfile, setup.cfg, or - for standard "
                 "input (default: the "
                 "one manifest here)");
  repeatable(app, "--with", options.with, "A further requirement");
  repeatable(app, "-c,--constraint", options.constraints, "A file of constraints");
  repeatable(app, "--override", options.overrides,
             "A file of requirements that replace all others on their names");
  repeatable(app, "--extra", options.extras, "An extra of the project");
  flag(app, "--all-extras", options.all_extras, "All extras of the project");
  repeatable(app, "--group", options.groups, "A dependency group of the project");
  flag(app, "--dev", options.develop, "Requirements for development too");
}

void add_candidates(CLI::App& app, AdviseOptions& options) {
  app.option_defaults()->group("Candidates");
  option(app, "--exclude-newer", options.exclude_newer,
         "Only files uploaded before: RFC 3339, or a date (UTC)");
  one_of(option(app, "--resolution", options.resolution, "highest, lowest or lowest-direct"),
         {"highest", "lowest", "lowest-direct"});
  one_of(option(app, "--prerelease", options.prerelease,
                "allow, disallow, if-necessary, explicit, if-necessary-or-explicit"),
         {"allow", "disallow", "if-necessary", "explicit", "if-necessary-or-explicit"});
  flag(app, "--pre", options.pre, "The same as --prerelease allow");
  repeatable(app, "--only-binary", options.only_binary, "Wheels only for NAME, or :all:");
  repeatable(app, "--no-binary", options.no_binary, "No wheels for NAME, or :all:");
  flag(app, "--allow-yanked", options.allow_yanked, "Yanked files too");
  flag(app, "--allow-build", options.allow_build,
       "Let metadata be built by the target's Python where nothing else says them: runs code of "
       "the project");
  option(app, "--build-time-limit", options.build_time_limit, "Of each step of a build (10m)")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}))
      ->check(CLI::Range(0.001, 86400.0));
  flag(app, "-U,--upgrade", options.upgrade, "Do not prefer the versions of an existing lock");
  repeatable(app, "-P,--upgrade-package", options.upgrade_packages, "The same for one package");
}

void add_rules(CLI::App& app, AdviseOptions& options) {
  app.option_defaults()->group("Rules");
  repeatable(app, "--prescriptions", options.prescriptions,
             "A file, directory or archive of prescriptions, or URL#sha256=HEX");
  flag(app, "--no-default-prescriptions", options.no_default_prescriptions,
       "Without the rules that come with Seshat");
  one_of(option(app, "--recommendation-type", options.recommendation_type,
                "latest, stable, testing, performance or security (default: stable)"),
         {"latest", "stable", "testing", "performance", "security"});
  option(app, "--library-usage", options.library_usage,
         "JSON: the symbols that the application uses");
  flag(app, "--authenticated", options.authenticated, "The request counts as authenticated");
}

void add_scores(CLI::App& app, AdviseOptions& options) {
  app.option_defaults()->group("Rules");
  repeatable(app, "--advisories", options.advisories,
             "Security advisories in the OSV format: a file, a directory or an archive");
  repeatable(app, "--score", options.scores,
             "Score releases too: age, yanked, wheels, size, classifiers or all");
}

void add_search(CLI::App& app, SearchSettings& search) {
  app.option_defaults()->group("Search");
  one_of(option(app, "--predictor", search.predictor,
                "td, annealing, hill-climbing, mcts, random-walk, sampling, latest or "
                "package-combinations (default: td; for the type latest: latest)"),
         {"td", "annealing", "hill-climbing", "mcts", "random-walk", "sampling", "latest",
          "package-combinations"});
  option(app, "--seed", search.seed, "Of the random numbers (default: from the inputs)");
  option(app, "--limit", search.limit, "Episodes at most")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1000000000}));
  option(app, "--count", search.count, "How many stacks to report, best first")
      ->check(CLI::Range(1U, 1000U));
  option(app, "--beam-width", search.beam_width, "Stacks that episodes may go on from")
      ->check(CLI::Range(1U, 1000000U));
  option(app, "--limit-latest-versions", search.latest_versions,
         "Only so many newest versions of each package")
      ->check(CLI::Range(1U, 100000U));
  option(app, "--td-steps", search.td_steps, "Of td: decisions whose rewards are summed up (4)")
      ->check(CLI::Range(1U, 1000U));
  flag(app, "--no-td-trace", search.no_td_trace,
       "Of td: credit for the n steps only, not for all that was decided");
  flag(app, "--no-proof", search.no_proof, "Episodes only: no bound, no branch and bound");
  option(app, "--time-limit", search.time_limit, "Of the search: 60s, 500ms, 2m")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}));
}

void add_answers(CLI::App& app, AdviseOptions& options) {
  app.option_defaults()->group("Answer");
  repeatable(
      app, "-o,--output", options.outputs,
      "The lock: pylock*.toml, *.txt with hashes, Pipfile.lock; - is standard output (default: "
      "pylock.toml)");
  one_of(
      option(app, "--format", options.format, "What -o - writes: pylock, requirements or pipfile"),
      {"pylock", "requirements", "pipfile"});
  repeatable(app, "--report", options.reports, "A report: *.json, *.html, *.sarif or *.md");
  flag(app, "--json", options.json, "The JSON report on standard output");
  flag(app, "--check", options.check,
       "Resolve nothing, write nothing: is the lock still what is asked? Exit code 5 if not");
  flag(app, "--check-wheels", options.check_wheels,
       "Download the wheels and take only those whose libraries find theirs in the image");
  flag(app, "--check-only", options.check_only,
       "With --check-wheels as a gate: lock nothing, and where the image lacks something look for "
       "no other versions but stop (exit code 6) with the line that installs it");
  flag(app, "--all-artifacts", options.all_artifacts,
       "List a version's files for other targets in the lock too");
  flag(app, "--dry-run", options.dry_run, "Write no file");
  flag(app, "--timings", options.timings, "Seconds in the report");
  flag(app, "--show-config", options.show_config, "Print every value with the place it came from");
}

}  // namespace

void add_resolving(CLI::App& app, AdviseOptions& advise) {
  add_requirements(app, advise);
  add_target(app, advise.target);
  add_index(app, advise.index);
  add_candidates(app, advise);
  add_rules(app, advise);
  add_scores(app, advise);
  add_search(app, advise.search);
  app.option_defaults()->group("Search");
  option(app, "--history", advise.history, "Record the search: `seshat report history` draws it");
}

void add_advise(CLI::App& app, AdviseOptions& advise) {
  add_resolving(app, advise);
  add_answers(app, advise);
  add_output(app, advise.output);
}

void add_monkey(CLI::App& app, MonkeyOptions& monkey) {
  AdviseOptions& asked = monkey.asked;
  asked.search.decision_type = "random";
  asked.search.count = 10;
  add_requirements(app, asked);
  add_target(app, asked.target);
  add_index(app, asked.index);
  add_candidates(app, asked);
  add_rules(app, asked);
  app.option_defaults()->group("Search");
  one_of(option(app, "--decision-type", asked.search.decision_type,
                "all: one stack after the other; random: drawn (the default)"),
         {"all", "random"});
  option(app, "--seed", asked.search.seed, "Of the random numbers (default: from the inputs)");
  option(app, "--count", asked.search.count, "Stacks at most (10)")->check(CLI::Range(1U, 100000U));
  option(app, "--limit-latest-versions", asked.search.latest_versions,
         "Only so many newest versions of each package")
      ->check(CLI::Range(1U, 100000U));
  option(app, "--time-limit", asked.search.time_limit, "Of the search: 60s, 500ms, 2m")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}));
  app.option_defaults()->group("Answer");
  option(app, "-o,--output", monkey.directory,
         "The directory that gets one per stack (default: a line a stack on standard output)")
      ->type_name("DIR");
  option(app, "--exec", monkey.command,
         "Run by /bin/sh in the directory of each stack: its verdict is kept there and printed as "
         "a line of JSON; a verdict that is there already is not asked for again")
      ->type_name("CMD");
  option(app, "--exec-time-limit", monkey.exec_time_limit, "Of each (10m)")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}));
  flag(app, "--dry-run", asked.dry_run, "Only say how many there are");
  add_output(app, asked.output);
}

}  // namespace plugin

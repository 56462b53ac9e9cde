// The options of `advise`.
#include <CLI/CLI.hpp>
#include <map>

#include "plugin/option_kinds.h"

namespace plugin {

namespace {

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
      ->check(CLI::Range(0.001, 86400.0))
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

void add_scores(CLI::App& app, AdviseOptions& options) {
  repeatable(app, "--advisories", options.advisories,
             "Security advisories in the OSV format: a file, a directory or an archive")
      ->group("Rules");
  repeatable(app, "--score", options.scores,
             "Score releases too: age, yanked, wheels, size, classifiers or all")
      ->group("Rules");
}

void add_search(CLI::App& app, SearchSettings& search) {
  option(app, "--predictor", search.predictor,
         "td, annealing, hill-climbing, mcts, random-walk, sampling, latest or "
         "package-combinations (default: td; for the type latest: latest)")
      ->check(CLI::IsMember({"td", "annealing", "hill-climbing", "mcts", "random-walk", "sampling",
                             "latest", "package-combinations"}))
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
  option(app, "--td-steps", search.td_steps, "Of td: decisions whose rewards are summed up (4)")
      ->check(CLI::Range(1U, 1000U))
      ->group("Search");
  flag(app, "--no-td-trace", search.no_td_trace,
       "Of td: credit for the n steps only, not for all that was decided")
      ->group("Search");
  flag(app, "--no-proof", search.no_proof, "Episodes only: no bound, no branch and bound")
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
       "Download the wheels and take only those whose libraries find theirs in the image")
      ->group("Answer");
  flag(app, "--check-only", options.check_only,
       "With --check-wheels as a gate: lock nothing, and where the image lacks something look for "
       "no other versions but stop (exit code 6) with the line that installs it")
      ->group("Answer");
  flag(app, "--all-artifacts", options.all_artifacts,
       "List a version's files for other targets in the lock too")
      ->group("Answer");
  flag(app, "--dry-run", options.dry_run, "Write no file")->group("Answer");
  flag(app, "--timings", options.timings, "Seconds in the report")->group("Answer");
  flag(app, "--show-config", options.show_config, "Print every value with the place it came from")
      ->group("Answer");
}

}  // namespace

void add_advise(CLI::App& app, AdviseOptions& advise) {
  add_requirements(app, advise);
  add_target(app, advise.target);
  add_index(app, advise.index);
  add_candidates(app, advise);
  add_rules(app, advise);
  add_scores(app, advise);
  add_search(app, advise.search);
  option(app, "--history", advise.history, "Record the search: `seshat report history` draws it")
      ->group("Search");
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
  option(app, "--decision-type", asked.search.decision_type,
         "all: one stack after the other; random: drawn (the default)")
      ->check(CLI::IsMember({"all", "random"}))
      ->group("Search");
  option(app, "--seed", asked.search.seed, "Of the random numbers (default: from the inputs)")
      ->group("Search");
  option(app, "--count", asked.search.count, "Stacks at most (10)")
      ->check(CLI::Range(1U, 100000U))
      ->group("Search");
  option(app, "--limit-latest-versions", asked.search.latest_versions,
         "Only so many newest versions of each package")
      ->check(CLI::Range(1U, 100000U))
      ->group("Search");
  option(app, "--time-limit", asked.search.time_limit, "Of the search: 60s, 500ms, 2m")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}))
      ->group("Search");
  option(app, "-o,--output", monkey.directory,
         "The directory that gets one per stack (default: a line a stack on standard output)")
      ->type_name("DIR")
      ->group("Answer");
  option(app, "--exec", monkey.command,
         "Run by /bin/sh in the directory of each stack: its verdict is kept there and printed as "
         "a line of JSON; a verdict that is there already is not asked for again")
      ->type_name("CMD")
      ->group("Answer");
  option(app, "--exec-time-limit", monkey.exec_time_limit, "Of each (10m)")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, double>{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}}))
      ->group("Answer");
  flag(app, "--dry-run", asked.dry_run, "Only say how many there are")->group("Answer");
  add_output(app, asked.output);
}

}  // namespace plugin

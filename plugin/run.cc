#include "plugin/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <tuple>

#include "plugin/all_artifacts.h"
#include "plugin/check_run.h"
#include "plugin/direct/build.h"
#include "plugin/direct/closure.h"
#include "plugin/direct/source.h"
#include "plugin/exit_code.h"
#include "plugin/inputs.h"
#include "plugin/integrity.h"
#include "plugin/product.h"
#include "plugin/report/error.h"
#include "plugin/rules.h"
#include "plugin/scoring.h"
#include "plugin/search_run.h"
#include "plugin/target.h"
#include "plugin/teller.h"
#include "plugin/wheel_check.h"
#include "prescriptions/situation.h"
#include "resolver/index/overlay_client.h"
#include "resolver/learn/learn.h"
#include "resolver/lock/pipfile.h"
#include "resolver/pipeline/build.h"
#include "resolver/pipeline/describe.h"
#include "resolver/pipeline/problem.h"
#include "resolver/solve/solver.h"
#include "rpmenv/inspect.h"
#include "rpmenv/inspect_json.h"
#include "rpmenv/root.h"

namespace plugin {

namespace {

namespace index = resolver::index;
namespace pipeline = resolver::pipeline;
namespace solve = resolver::solve;
namespace learn = resolver::learn;

// The order in which requirements were written decides nothing.
void sort_requirements(std::vector<pipeline::RootRequirement>& requirements) {
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const pipeline::RootRequirement& a, const pipeline::RootRequirement& b) {
                     return std::tuple(a.requirement.name.str(), a.requirement.str(), a.origin) <
                            std::tuple(b.requirement.name.str(), b.requirement.str(), b.origin);
                   });
}

// Everything of one run, in the order in which it comes to be: what is below may point at what is
// above.
class Run {
 public:
  Run(const AdviseOptions& options, const ProgressSink& progress)
      : options_(options), progress_(progress) {
    result_.report.timings = options.timings;
  }

  RunResult go() {
    const auto begun = std::chrono::steady_clock::now();
    struct Stage {
      const char* name;
      pep::Status (Run::*work)();
    };
    for (const Stage& stage :
         {Stage{"reading the requirements", &Run::read_requirements},
          Stage{"inspecting the target", &Run::inspect_target},
          Stage{"reading what requirements point at", &Run::read_directs},
          Stage{"reading the prescriptions", &Run::read_prescriptions},
          Stage{"building the pipeline", &Run::build_pipeline},
          Stage{"opening the index", &Run::open_index}, Stage{"resolving", &Run::resolve},
          Stage{"finishing", &Run::finish}}) {
      if (progress_) progress_({.stage = stage.name});
      auto done = (this->*stage.work)();
      if (!done) {
        fail(std::move(done).error().in(stage.name));
        break;
      }
      if (finished_) break;
    }
    close_index();
    count();
    result_.report.statistics.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(result_);
  }

 private:
  pep::Status read_requirements() {
    auto read = read_inputs(options_);
    if (!read) return std::move(read).error();
    inputs_ = std::move(*read);
    sort_requirements(inputs_.question.requirements);
    sort_requirements(inputs_.question.constraints);
    result_.report.inputs = inputs_.digests;
    result_.outputs = inputs_.outputs;
    result_.pipfile = inputs_.pipfile;
    for (const std::string& warning : inputs_.read.warnings) result_.warnings.push_back(warning);
    return pep::Done{};
  }

  pep::Status inspect_target() {
    auto read = read_target(options_.target);
    if (!read) return std::move(read).error();
    target_ = std::move(read->target);
    facts_ = std::move(read->facts);
    if (facts_) {
      for (const std::string& warning : facts_->warnings) result_.details.push_back(warning);
      result_.report.facts_digest = "sha256:" + rpmenv::facts_digest(*facts_);
      pip_ = facts_->pip;
    }
    result_.report.target = target_;
    hold_hashes(inputs_.question, target_);
    return check_requires_python(inputs_, target_);
  }

  // Each is the one version of its name, and its metadata may be all that tells the name.
  pep::Status read_directs() {
    if (!direct::has_directs(inputs_)) return pep::Done{};
    if (auto opened = open_index(); !opened) return opened;
    auto origins = direct::read_directs(inputs_, target_, *overlay_, builder_.get());
    if (origins) {
      origins_ = std::move(*origins);
      sort_requirements(inputs_.question.requirements);  // by the names that are known now
      sort_requirements(inputs_.question.constraints);
      return pep::Done{};
    }
    if (origins.error().fault != pep::Fault::kNotFound) return std::move(origins).error();
    teller_.tell_no_solution(std::move(origins.error().what));
    finished_ = true;
    return pep::Done{};
  }

  // Code of a project runs with --allow-build: only by the Python that is to run it later.
  pep::Status prepare_builds() {
    if (!options_.allow_build) return pep::Done{};
    std::error_code unknown;
    const bool here = facts_ && !target_.interpreter.empty() &&
                      std::filesystem::equivalent(options_.target.root.value_or("/"), "/", unknown);
    if (!here || options_.target.python_version || options_.target.platform) {
      return pep::error(
          pep::Fault::kConfig,
          fmt::format("--allow-build runs the target's own Python, and {} is not the system that "
                      "this runs in: build where the image is built, or leave --allow-build out",
                      here || !options_.target.root ? "a declared target" : *options_.target.root));
    }
    builder_ = std::make_unique<direct::Builder>(
        direct::BuildSettings{.python = "/" + target_.interpreter,
                              .version = target_.implementation + " " + target_.python.str(),
                              .seconds = options_.build_time_limit},
        client_->options());
    reader_ = std::make_unique<direct::SourceReader>(overlay_->below(), builder_.get());
    overlay_->set_builder(
        [this](const pep::Name&, const pep::Version&, const index::File& file) {
          auto text = reader_->build_sdist(file);
          if (!text) result_.warnings.push_back(text.error().what);
          return text;
        },
        [this](const index::File& file) { return reader_->known_sdist(file); });
    return pep::Done{};
  }

  // How a server is reached, whatever is asked of it.
  static index::ClientOptions reaching_options(const IndexOptions& asked) {
    index::ClientOptions options;
    options.offline = asked.offline;
    options.retries = asked.retries.value_or(options.retries);
    options.timeout = asked.timeout.value_or(options.timeout);
    options.ca_bundle = asked.cert.value_or("");
    options.client_certificate = asked.client_cert.value_or("");
    options.trusted_hosts = asked.trusted_hosts;
    options.proxy = asked.proxy.value_or("");
    return options;
  }

  pep::Status read_prescriptions() {
    const bool keep = !options_.index.no_cache && !options_.prescriptions.empty();
    auto rules = open_rules(
        {.shipped = !options_.no_default_prescriptions,
         .sources = options_.prescriptions,
         .cache_directory = keep ? store_place(options_.index.cache_dir).directory : std::string(),
         .client = reaching_options(options_.index)});
    if (!rules) return std::move(rules).error();
    rules_ = std::move(*rules);
    for (const std::string& warning : rules_.warnings) result_.warnings.push_back(warning);
    auto asked = request_of(options_, inputs_.question, target_, facts_.get());
    if (!asked) return std::move(asked).error();
    request_ = *std::move(asked);
    return pep::Done{};
  }

  pep::Status build_pipeline() {
    auto scoring = open_scoring(options_, target_, today(inputs_));
    if (!scoring) return std::move(scoring).error();
    scoring_ = std::move(*scoring);
    const auto native = scoring_.list();
    auto plan = pipeline::build(rules_.books, request_, native);
    if (!plan) return std::move(plan).error();
    plan_ = std::move(*plan);
    for (const pipeline::ReportedEntry& said : plan_.boot_entries()) {
      result_.report.stack_info.push_back(entry_of(*said.entry, said.unit));
    }
    if (plan_.veto()) {
      teller_.refuse(fmt::format("{}: {}", plan_.veto()->unit, plan_.veto()->message));
      finished_ = true;
    }
    return pep::Done{};
  }

  pep::Status open_index() {
    if (client_) return pep::Done{};
    auto settings = index_settings(options_.index, inputs_.read.options, pip_);
    if (!settings && !facts_) {
      // A declared target has no pip; the machine that we run on may have one.
      auto root = rpmenv::open_directory("/");
      if (root) {
        auto host = rpmenv::inspect(
            **root, {.packages = false, .libraries = false, .distributions = false});
        if (host) settings = index_settings(options_.index, inputs_.read.options, host->pip);
      }
    }
    if (!settings) return std::move(settings).error();
    result_.settings = settings->settings;
    if (!settings->warning.empty()) result_.warnings.push_back(settings->warning);
    if (settings->nowhere && !direct::has_directs(inputs_)) {
      return pep::error(pep::Fault::kConfig,
                        "--no-index leaves no place to take packages from: give --find-links");
    }
    client_options_ = settings->client;
    if (inputs_.pipfile) {
      result_.pipfile_index = inputs_.pipfile_index = settings->own_index;
      auto facts = resolver::lock::pipfile_facts(inputs_.pipfile->text, inputs_.pipfile->path,
                                                 inputs_.pipfile_index);
      if (!facts) return std::move(facts).error();  // before the work, not after it
    }
    auto client = index::Client::open(settings->client);
    if (!client) return std::move(client).error();
    client_ = std::move(*client);
    if (!options_.allow_build && !direct::has_directs(inputs_)) return pep::Done{};
    auto overlay = std::make_unique<index::OverlayClient>(std::move(client_));
    overlay_ = overlay.get();
    client_ = std::move(overlay);
    return prepare_builds();
  }

  // While the resolver waits for the index, what has arrived is shown ten times a second.
  std::jthread show_arrivals() {
    if (!progress_) return {};
    return std::jthread([this](const std::stop_token& stop) {
      std::mutex pause;
      std::condition_variable_any wake;
      while (!stop.stop_requested()) {
        const index::Statistics asked = client_->statistics();
        if (!searching_.load()) {
          progress_(
              {.stage = "resolving", .pages = asked.pages_known, .metadata = asked.metadata_known});
        }
        std::unique_lock lock(pause);
        wake.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
      }
    });
  }

  pep::Status resolve() {
    if (options_.check) {  // without resolving
      finished_ = true;
      return check_locks({options_, inputs_, target_, plan_, client_options_, overlay_, origins_},
                         result_);
    }
    const std::jthread watcher = show_arrivals();
    if (!options_.check_wheels) return resolve_once();
    auto check = WheelCheck::open(options_.target, target_, *client_);
    if (!check) return std::move(check).error();
    // What a wheel needs is known once it was downloaded: a stack is asked about, and if one of its
    // wheels lacks something here, another stack is looked for.
    while (true) {
      auto resolved = resolve_once();
      if (!resolved || finished_) return resolved;
      auto refused = refuse_wheels(**check);
      if (!refused) return std::move(refused).error();
      if (!*refused) return pep::Done{};
      if (options_.check_only) {
        if (auto passed = (*check)->gate(); !passed) return passed;
      }
      stacks_.clear();
    }
  }

  pep::Result<bool> refuse_wheels(WheelCheck& check) {
    bool any = false;
    for (const learn::LearnedStack& learned : stacks_) {
      const pipeline::Stack stack = pipeline::stack_of(*problem_, learned.chosen);
      auto product = product_of(*problem_, stack, pipeline::judge(plan_, stack), origins_);
      if (!product) return std::move(product).error();
      auto refused = check.refuse(product->lock, inputs_.question.policy);
      if (!refused) return refused;
      any |= *refused;
    }
    return any;
  }

  pep::Status resolve_once() {
    solver_
        .reset();  // what points at the problem before, and that itself: it takes its hooks along
    guide_.reset();
    problem_.reset();
    problem_ = std::make_unique<pipeline::Problem>(target_, *client_, plan_, inputs_.question);
    guide_ = std::make_unique<learn::Guide>(*problem_);
    solver_ = learns() ? std::make_unique<solve::Solver>(*guide_)
                       : std::make_unique<solve::Solver>(*problem_);
    auto outcome = solver_->solve();
    if (!outcome) return std::move(outcome).error();
    if (const auto* no = std::get_if<solve::Unsatisfiable>(&*outcome)) {
      if (auto sound = check_hashes(inputs_, target_, nullptr, *client_); !sound) return sound;
      // What is tried to help the user may be what the user ruled out: no code runs for it.
      if (overlay_ != nullptr) overlay_->set_builder(nullptr, nullptr);
      teller_.explain(*problem_, *solver_, no->root, *client_);
      finished_ = true;
    } else {
      stacks_.push_back({.chosen = std::move(std::get<solve::Solution>(*outcome).chosen),
                         .optimal = !plan_.scores()});
      if (learns()) return learn_best();
    }
    return pep::Done{};
  }

  // Whether there is anything to find beside the first stack.
  bool learns() const {
    return plan_.scores() || options_.search.count > 1 || !options_.search.decision_type.empty();
  }

  pep::Status learn_best() {
    const bool latest =
        request_.situation.recommendation_type == prescriptions::RecommendationType::kLatest;
    searching_.store(true);
    auto learned = search_better({options_, inputs_, latest, progress_}, *client_, *problem_,
                                 *guide_, *solver_, stacks_[0].chosen, result_.report);
    searching_.store(false);
    if (!learned) return std::move(learned).error();
    stacks_ = std::move(learned->stacks);
    learned_ = learned->figures;
    result_.report.degraded = learned->degraded;
    for (std::string& warning : learned->warnings) result_.warnings.push_back(std::move(warning));
    return pep::Done{};
  }

  pep::Status finish() {
    Report& report = result_.report;
    for (const learn::LearnedStack& learned : stacks_) {
      const pipeline::Stack stack = pipeline::stack_of(*problem_, learned.chosen);
      const pipeline::Verdict verdict = pipeline::judge(plan_, stack);
      const bool only = stacks_.size() == 1;
      if (only && teller_.refuse_what_is_no_stack(*problem_, stack, verdict)) return pep::Done{};
      auto product = product_of(*problem_, stack, verdict, origins_);
      if (!product) return std::move(product).error();
      product->optimal = learned.optimal;
      const bool first = report.products.empty();
      if (auto sound = check_hashes(inputs_, target_, &stack, *client_); !sound) return sound;
      if (first) teller_.tell_what_was_removed(*problem_, stack);
      for (const pipeline::ReportedEntry& said : verdict.stack_info) {
        ReportEntry entry = entry_of(*said.entry, said.unit);
        auto& info = report.stack_info;
        if (first || std::find(info.begin(), info.end(), entry) == info.end())
          info.push_back(std::move(entry));
      }
      report.products.push_back(std::move(*product));
      if (options_.all_artifacts)
        add_all_artifacts(stack, inputs_.question.policy, report.products.back().lock);
    }
    report.outcome = Outcome::kLocked;
    report.exit_code = kDone;
    report.search.episodes = learned_.episodes;
    report.search.best_episode = learned_.best_episode;
    report.search.iterations = learned_.iterations;
    report.search.accepted = learned_.accepted;
    report.search.rejected = learned_.rejected;
    report.search.seconds = learned_.seconds;
    return pep::Done{};
  }

  void fail(pep::Error error) {
    Report& report = result_.report;
    report.outcome =
        error.fault == pep::Fault::kUnreachable ? Outcome::kUnavailable : Outcome::kError;
    report.exit_code = exit_code_of(error.fault);
    ReportError told{.code = name_of(error.fault), .message = redact_url(error.what)};
    if (error.place) {
      told.file = error.place->file;
      told.line = error.place->line;
      told.column = error.place->column;
    }
    report.explanation = told.message;
    report.errors.push_back(std::move(told));
    result_.failure = std::move(error);
  }

  // What went wrong with the store is known when all is written.
  void close_index() {
    if (!client_) return;
    client_->close();
    for (std::string& warning : client_->warnings()) result_.warnings.push_back(std::move(warning));
  }

  // Of what was found, not of all that was looked at on the way.
  void warn_of_extras() {
    const auto is_in = [](const learn::LearnedStack& stack, const auto& missing) {
      return std::any_of(stack.chosen.begin(), stack.chosen.end(), [&](const auto& one) {
        return one.package == missing.package && one.version == missing.version;
      });
    };
    for (const auto& missing : problem_->missing_extras()) {
      const bool told =
          stacks_.empty() || std::any_of(stacks_.begin(), stacks_.end(),
                                         [&](const auto& stack) { return is_in(stack, missing); });
      if (told) result_.warnings.push_back(missing.text);
    }
  }

  void count() {
    Figures& figures = result_.report.statistics;
    if (client_ && !options_.check) {  // a check has clients of its own
      const index::Statistics asked = client_->statistics();
      figures.pages = asked.pages;
      figures.metadata = asked.metadata;
      figures.requests = asked.requests;
      figures.bytes = asked.bytes;
    }
    if (solver_) {
      const solve::SolveFigures& solved = solver_->figures();
      figures.versions_visited = solved.versions_visited;
      figures.decisions = solved.decisions;
      figures.conflicts = solved.conflicts;
      figures.incompatibilities = solver_->incompatibility_count();
    }
    figures.units_included = plan_.units_included();
    figures.units_total = plan_.units_total();
    result_.report.search.seed = seed_of(options_, inputs_);
    if (problem_) {
      for (const std::string& warning : problem_->warnings()) result_.details.push_back(warning);
      warn_of_extras();
    }
  }

  const AdviseOptions& options_;
  const ProgressSink& progress_;
  RunResult result_;
  bool finished_ = false;
  Teller teller_{result_.report};

  Inputs inputs_;
  std::unique_ptr<rpmenv::Facts> facts_;  // null for a declared target
  rpmenv::PipConfiguration pip_;
  index::ClientOptions client_options_;
  rpmenv::Target target_;
  Rules rules_;
  Scoring scoring_;
  pipeline::Request request_;
  pipeline::Plan plan_;
  std::unique_ptr<index::Client> client_;
  index::OverlayClient* overlay_ = nullptr;  // the same, where it answers for some names itself
  std::unique_ptr<direct::Builder> builder_;
  std::unique_ptr<direct::SourceReader> reader_;
  direct::Origins origins_;
  std::unique_ptr<pipeline::Problem> problem_;
  std::unique_ptr<solve::Solver> solver_;
  std::unique_ptr<learn::Guide> guide_;
  std::vector<learn::LearnedStack> stacks_;  // best first
  std::atomic<bool> searching_{false};
  learn::SearchFigures learned_{.episodes = 1, .best_episode = 1, .iterations = 1, .accepted = 1};
};

}  // namespace

RunResult advise(const AdviseOptions& options, const ProgressSink& progress) {
  return Run(options, progress).go();
}

}  // namespace plugin

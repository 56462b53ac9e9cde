#include "plugin/search_run.h"

#include <cstdlib>
#include <ctime>

#include "plugin/interrupt.h"
#include "plugin/recorder.h"
#include "resolver/index/digest.h"
#include "resolver/learn/predictor.h"

namespace plugin {

namespace learn = resolver::learn;

namespace {

learn::Aim aim_of(const std::string& decision_type) {
  if (decision_type.empty()) return learn::Aim::kBest;
  return decision_type == "all" ? learn::Aim::kAll : learn::Aim::kRandom;
}

learn::LearnOptions options_of(const SearchRun& run, const Interrupt& interrupt) {
  const SearchSettings& asked = run.options.search;
  learn::LearnOptions wanted;
  learn::SearchOptions& search = wanted.search;
  search.aim = aim_of(asked.decision_type);
  search.predictor =
      asked.predictor.value_or(std::string(learn::predictor_for(run.latest ? "latest" : "")));
  search.td = {.steps = asked.td_steps, .trace = !asked.no_td_trace};
  search.seed = seed_of(run.options, run.inputs);
  search.limit = asked.limit;
  search.count = asked.count;
  if (asked.beam_width) search.beam = *asked.beam_width;
  search.seconds = asked.time_limit;
  search.prove = !asked.no_proof;
  search.stop = interrupt.flag();
  search.exploit = interrupt.exploit();
  wanted.space.latest_versions = asked.latest_versions;
  wanted.floor.assign(run.inputs.earlier.begin(), run.inputs.earlier.end());
  return wanted;
}

}  // namespace

pep::Result<learn::Learned> search_better(
    const SearchRun& run, resolver::index::Client& client, resolver::pipeline::Problem& problem,
    learn::Guide& guide, resolver::solve::Solver& solver,
    const std::vector<resolver::solve::Provider::Chosen>& first, Report& report) {
  const Interrupt interrupt;
  learn::LearnOptions wanted = options_of(run, interrupt);
  History history;
  history.predictor = wanted.search.predictor;
  history.seed = wanted.search.seed;
  history.limit = wanted.search.limit;
  Recorder recorder(run.options.history ? &history : nullptr, run.progress);
  if (run.options.history || run.progress)
    wanted.search.observe = [&](const learn::Observation& seen) { recorder.see(seen); };
  report.search.predictor = wanted.search.predictor;
  report.search.generator = learn::kGenerator;
  auto learned = learn::learn(client, problem, guide, solver, first, wanted);
  recorder.finish();
  if (run.options.history) report.history = std::move(history);
  return learned;
}

std::uint64_t seed_of(const AdviseOptions& options, const Inputs& inputs) {
  if (options.search.seed) return *options.search.seed;
  std::string all;
  for (const Input& input : inputs.digests) all += input.digest;
  return std::stoull(resolver::index::hex(resolver::index::sha256_of(all)).substr(0, 8), nullptr,
                     16);
}

std::int64_t today(const Inputs& inputs) {
  if (inputs.question.policy.exclude_newer) return *inputs.question.policy.exclude_newer;
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  const std::int64_t now = epoch != nullptr ? std::strtoll(epoch, nullptr, 10) : std::time(nullptr);
  return now - now % 86400;
}

}  // namespace plugin

#include "resolver/learn/learn.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <set>

#include "resolver/learn/translation.h"
#include "resolver/pipeline/stack.h"
#include "resolver/pipeline/verdict.h"

namespace resolver::learn {

namespace {

using Chosen = std::vector<solve::Provider::Chosen>;

constexpr double kEqual = 1e-7;

class Learner {
 public:
  Learner(pipeline::Problem& problem, Guide& guide, solve::Solver& solver,
          const LearnOptions& options)
      : problem_(problem), guide_(guide), solver_(solver), options_(options) {}

  Learned run(index::Client& client, const Chosen& first) {
    const auto begun = std::chrono::steady_clock::now();
    SearchOptions wanted = options_.search;
    const pipeline::Verdict verdict =
        pipeline::judge(problem_.plan(), pipeline::stack_of(problem_, first));
    keep({.chosen = first, .score = verdict.score});
    if (!options_.floor.empty() && wanted.aim == Aim::kBest) keep_floor();
    Learned learned;
    learned.figures = {.episodes = 1, .best_episode = 1, .iterations = 1, .accepted = 1};
    if (wanted.count == 1 && wanted.aim == Aim::kBest &&
        verdict.score >= problem_.best_score() - kEqual) {
      proven_ = true;
      proven_score_ = verdict.score;
    } else if (verdict.stop == nullptr) {
      explore(client, first, wanted, learned);
    }
    if (wanted.aim == Aim::kBest) {
      std::stable_sort(
          stacks_.begin(), stacks_.end(),
          [](const LearnedStack& a, const LearnedStack& b) { return a.score > b.score + kEqual; });
    }
    if (stacks_.size() > wanted.count) stacks_.resize(wanted.count);
    for (LearnedStack& stack : stacks_)
      stack.optimal = proven_ && stack.score >= proven_score_ - kEqual;
    learned.stacks = std::move(stacks_);
    learned.figures.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return learned;
  }

 private:
  // The earlier stack as far as it fits. Packages that only it has are met when it is built for the
  // first time.
  void keep_floor() {
    for (int time = 0; time < 2; ++time) {
      std::vector<solve::Provider::Chosen> versions;
      for (const auto& [name, version] : options_.floor) {
        const solve::PackageId id = problem_.find(name);
        if (id == solve::kNoPackage || problem_.package(id).page == nullptr) continue;
        const index::Page& page = *problem_.package(id).page;
        for (solve::VersionIndex i = 0; i < page.version_count(); ++i) {
          if (page.version(i) == version) versions.push_back({id, i});
        }
      }
      guide_.prefer(versions);
      auto outcome = solver_.solve();
      guide_.prefer({});
      const auto* solution = outcome ? std::get_if<solve::Solution>(&*outcome) : nullptr;
      if (solution == nullptr) return;
      if (time == 0) continue;
      const pipeline::Verdict verdict =
          pipeline::judge(problem_.plan(), pipeline::stack_of(problem_, solution->chosen));
      if (verdict.refusals.empty() && verdict.stop == nullptr)
        keep({.chosen = solution->chosen, .score = verdict.score});
    }
  }

  // An index that fails here costs a better stack, not the one there is.
  void explore(index::Client& client, const Chosen& first, const SearchOptions& wanted,
               Learned& learned) {
    // What is read takes half of the time at most: an index may be slow.
    SpaceOptions reading = options_.space;
    const auto begun = std::chrono::steady_clock::now();
    const std::atomic<bool>* stop = wanted.stop;
    reading.stopped = [begun, stop, seconds = wanted.seconds] {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
      return spent.count() > seconds / 2 ||
             (stop != nullptr && stop->load(std::memory_order_relaxed));
    };
    Space space(problem_, client, reading);
    if (auto explored = space.explore(first); !explored) {
      learned.degraded = true;
      learned.warnings.push_back("the search for a better stack was given up: " +
                                 explored.error().what);
      return;
    }
    const Translation translation(space);
    const std::vector<Value> values = translation.values_of(first);
    if (values.empty() || translation.model().total(values) < -kHard / 2) return;
    SearchOptions left = wanted;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
    left.seconds = std::max(wanted.seconds - spent.count(), wanted.seconds / 4);
    const SearchResult found = search(translation.model(), values, left);
    learned.figures = found.figures;
    learned.degraded = found.interrupted || space.stopped();
    check(translation, found);
    if (wanted.aim != Aim::kBest) {
      if (!space.complete())
        learned.warnings.push_back("not every version was looked at: there may be more stacks");
      return;
    }
    if (!found.optimal || found.best.empty() || !space.complete() || !translation.exact()) return;
    proven_ = true;
    proven_score_ = found.best[0].score;
  }

  // Has the solver build the stacks that were found, best first, until enough hold.
  void check(const Translation& translation, const SearchResult& found) {
    std::set<std::size_t> right;  // stacks whose score is what was promised
    for (const Ranked& ranked : found.best) {
      if (right.size() >= options_.search.count) break;
      guide_.prefer(translation.versions_of(ranked.values));
      auto outcome = solver_.solve();
      if (!outcome) break;
      const auto* solution = std::get_if<solve::Solution>(&*outcome);
      if (solution == nullptr) break;
      const pipeline::Verdict verdict =
          pipeline::judge(problem_.plan(), pipeline::stack_of(problem_, solution->chosen));
      if (!verdict.refusals.empty() || verdict.stop != nullptr) continue;
      const std::size_t place = keep({.chosen = solution->chosen, .score = verdict.score});
      // Several assignments may mean one stack, where rules put something in a package's place.
      if (std::abs(verdict.score - ranked.score) < kEqual) right.insert(place);
    }
    guide_.prefer({});
  }

  // The same packages, whatever the order in which they were decided. Returns its number.
  std::size_t keep(LearnedStack stack) {
    std::vector<std::pair<solve::PackageId, solve::VersionIndex>> key;
    for (const auto& one : stack.chosen) {
      if (problem_.base(one.package) == solve::kNoPackage &&
          problem_.left_out(one.package, one.version) == nullptr) {
        key.emplace_back(one.package, one.version);
      }
    }
    std::sort(key.begin(), key.end());
    const auto known = std::find(keys_.begin(), keys_.end(), key);
    const auto number = static_cast<std::size_t>(known - keys_.begin());
    if (known != keys_.end()) return number;
    keys_.push_back(std::move(key));
    stacks_.push_back(std::move(stack));
    return number;
  }

  pipeline::Problem& problem_;
  Guide& guide_;
  solve::Solver& solver_;
  const LearnOptions& options_;
  std::vector<LearnedStack> stacks_;
  std::vector<std::vector<std::pair<solve::PackageId, solve::VersionIndex>>> keys_;
  bool proven_ = false;
  double proven_score_ = 0;
};

}  // namespace

pep::Result<Learned> learn(index::Client& client, pipeline::Problem& problem, Guide& guide,
                           solve::Solver& solver, const Chosen& first,
                           const LearnOptions& options) {
  return Learner(problem, guide, solver, options).run(client, first);
}

}  // namespace resolver::learn

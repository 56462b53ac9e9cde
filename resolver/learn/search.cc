#include "resolver/learn/search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "resolver/learn/bound.h"
#include "resolver/learn/local_search.h"

namespace resolver::learn {

namespace {

constexpr double kEqual = 1e-7;
constexpr std::size_t kSpare = 8;         // places beyond those asked for
constexpr std::uint64_t kRefresh = 8192;  // episodes after which rounding errors are cleared away
constexpr std::uint64_t kPatience = 200;  // episodes without a better stack, then another start
constexpr std::uint64_t kFirstNodes = 2000;

bool before(const Ranked& a, const Ranked& b) {
  if (std::abs(a.score - b.score) > kEqual) return a.score > b.score;
  if (a.freshness != b.freshness) return a.freshness > b.freshness;
  return a.values < b.values;
}

class Clock {
 public:
  explicit Clock(double seconds) : seconds_(seconds) {}
  double spent() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }
  bool over() const { return spent() > seconds_; }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double seconds_;
};

// Mean and spread of the scores seen, recent ones weighing more.
class Spread {
 public:
  void see(double score) {
    const double rate = count_ < 100 ? 1.0 / ++count_ : 0.01;
    const double off = score - mean_;
    mean_ += rate * off;
    variance_ += rate * (off * off - variance_);
  }
  double deviation() const { return std::sqrt(std::max(variance_, 1e-6)); }

 private:
  double mean_ = 0;
  double variance_ = 0;
  double count_ = 0;
};

class Search {
 public:
  Search(const Model& model, const std::vector<Value>& first, const SearchOptions& options)
      : model_(model),
        options_(options),
        state_(model, first),
        local_(model),
        rng_(options.seed),
        clock_(options.seconds),
        podium_(places_of(model, options)) {
    keep(first, 1);
    figures_.episodes = 1;
    figures_.accepted = 1;
  }

  SearchResult run() {
    if (options_.aim != Aim::kBest) return collect();
    if (options_.prove) {
      make_bound();
      try_to_prove(std::min(kFirstNodes, options_.nodes));
    }
    if (!proven_) episodes();
    if (!proven_ && bound_ != nullptr && !interrupted_) try_to_prove(options_.nodes);
    if (proven_) freshen();
    SearchResult result;
    result.best = podium_.ranked();
    result.proven = proven_;
    result.optimal =
        proven_ || (bound_ != nullptr && result.best[0].score >= bound_->upper() - kEqual);
    result.interrupted = interrupted_;
    result.upper = upper();
    figures_.iterations = state_.changes() + changes_before_;
    figures_.seconds = clock_.spent();
    result.figures = figures_;
    return result;
  }

 private:
  // What memory allows of the beam; those that are asked for in any case.
  static std::size_t places_of(const Model& model, const SearchOptions& options) {
    const std::size_t one = sizeof(Ranked) + model.size() * sizeof(Value);
    const std::size_t wanted = options.count + kSpare;
    return std::max(wanted, std::min<std::size_t>(options.beam, options.memory / one));
  }

  // Acceptable stacks whatever they score, distinct, in the order in which they come.
  SearchResult collect() {
    SearchResult result;
    std::set<std::vector<Value>> seen;
    const std::size_t wanted = options_.count + kSpare;
    const auto add = [&](std::vector<Value> values) {
      model_.sweep(values);
      const double score = model_.total(values);
      if (score <= -kHard / 2 || !seen.insert(values).second) return;
      result.best.push_back({std::move(values), score, 0, ++figures_.accepted});
    };
    if (options_.aim == Aim::kAll) {
      add(podium_.ranked()[0].values);
      const Bound bound(model_, options_.table_limit);
      std::uint64_t nodes = UINT64_MAX;
      bound.search(
          -kHard / 2,
          [&](const std::vector<Value>& values, double) {
            add(values);
            return result.best.size() < wanted && !clock_.over() ? -kHard / 2 : kHard;
          },
          nodes, [&] { return stopped(); });
    } else {
      const auto predictor = make_predictor("sampling", model_);
      std::uint64_t fruitless = 0;
      while (result.best.size() < wanted && fruitless < kPatience * 10 && !stopped()) {
        const std::size_t before = result.best.size();
        state_.mark();
        predictor->propose(state_, rng_, {.number = ++figures_.episodes, .limit = options_.limit});
        if (state_.acceptable()) {
          add(state_.values());
        } else {
          state_.undo_to(0);
        }
        fruitless = result.best.size() == before ? fruitless + 1 : 0;
      }
    }
    result.interrupted = stopped();
    figures_.seconds = clock_.spent();
    result.figures = figures_;
    return result;
  }

  void keep(const std::vector<Value>& values, std::uint64_t episode) {
    const double score = model_.total(values);
    if (score < -kHard / 2) return;
    if (!podium_.add(model_, values, score, episode)) return;
    figures_.best_episode = episode;
    last_better_ = episode;
  }

  bool stopped() {
    interrupted_ = interrupted_ || clock_.over() ||
                   (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed));
    return interrupted_;
  }

  // The lower of two.
  void make_bound() {
    bound_ = std::make_unique<Bound>(model_, options_.table_limit);
    if (bound_->exact()) return;
    auto other = std::make_unique<Bound>(model_, options_.table_limit, true);
    if (other->upper() < bound_->upper()) bound_ = std::move(other);
  }

  // A short look at where the bound leads: with a narrow structure the first leaf is the optimum.
  void try_to_prove(std::uint64_t nodes) {
    const auto found = [&](const std::vector<Value>& values, double) {
      ++figures_.episodes;
      ++figures_.accepted;
      keep(values, figures_.episodes);
      return podium_.score_floor(options_.count);
    };
    proven_ = bound_->search(podium_.score_floor(options_.count), found, nodes,
                             [&] { return stopped(); });
  }

  // The best score is proven: of the stacks that have it the freshest is wanted. Where the bound is
  // exact it leads there; elsewhere a polish comes near.
  void freshen() {
    refresh(podium_.ranked()[0].values);
    local_.touch_all();
    state_.mark();
    local_.polish(state_, true);
    if (state_.acceptable()) keep_state(figures_.episodes);
    if (bound_ == nullptr || !bound_->exact()) return;
    const Bound fresh(model_, options_.table_limit, false, true);
    std::uint64_t nodes = kFirstNodes;
    fresh.search(
        podium_.floor(1),
        [&](const std::vector<Value>& values, double) {
          keep(values, figures_.episodes);
          return podium_.floor(1);
        },
        nodes, [&] { return stopped(); });
  }

  bool nothing_better() const {
    return bound_ != nullptr && podium_.score_floor(options_.count) >= bound_->upper() - kEqual;
  }

  void episodes() {
    std::unique_ptr<Predictor> predictor = make_predictor(options_.predictor, model_, options_.td);
    Episode episode{.limit = options_.limit};
    local_.touch_all();
    restarts_ = predictor->polished();
    state_.mark();
    while (figures_.episodes < options_.limit && !proven_) {
      if ((figures_.episodes & 63U) == 0 && stopped()) return;
      if (figures_.episodes % kRefresh == 0) refresh();
      if (figures_.episodes - last_better_ >= kPatience) go_elsewhere();
      episode.number = ++figures_.episodes;
      episode.spread = spread_.deviation();
      episode.exploit =
          options_.exploit != nullptr && options_.exploit->load(std::memory_order_relaxed);
      run_episode(*predictor, episode);
      proven_ = nothing_better();
    }
  }

  // From one of the best stacks seen, so that the search does not stay where it is stuck.
  void go_elsewhere() {
    last_better_ = figures_.episodes;
    if (!restarts_) return;
    const auto known =
        std::min<std::size_t>(podium_.ranked().size(), std::max<std::uint32_t>(1, options_.beam));
    const Ranked& start = podium_.ranked()[rng_.early(static_cast<std::uint32_t>(known))];
    for (Variable v = 0; v < model_.size(); ++v) {
      if (state_.value(v) != start.values[v]) state_.set(v, start.values[v]);
    }
    if (state_.values() != start.values) refresh(start.values);
  }

  void refresh() { refresh(state_.values()); }

  void refresh(std::vector<Value> values) {
    changes_before_ += state_.changes();
    state_ = State(model_, std::move(values));
  }

  void run_episode(Predictor& predictor, const Episode& episode) {
    const double begun = state_.total();
    state_.mark();
    predictor.propose(state_, rng_, episode);
    if (predictor.polished()) {
      for (std::size_t i = 0; i < state_.journal().size(); ++i)
        local_.touch(state_.journal()[i].variable);
      local_.polish(state_, true);
    }
    const bool acceptable = state_.acceptable();
    if (acceptable) {
      ++figures_.accepted;
      spread_.see(state_.total());
      if (state_.total() > podium_.floor(std::max(options_.count, options_.beam)))
        keep_state(episode.number);
    } else {
      ++figures_.rejected;
    }
    if (options_.observe) observe(predictor, episode, acceptable);
    if (!predictor.accept(state_, begun, rng_, episode)) state_.undo_to(0);
  }

  void observe(const Predictor& predictor, const Episode& episode, bool acceptable) {
    options_.observe({.episode = episode.number,
                      .score = acceptable ? state_.total() : std::nan(""),
                      .best = podium_.ranked()[0].score,
                      .temperature = predictor.temperature(episode),
                      .upper = upper(),
                      .explored = predictor.explored()});
  }

  double upper() const {
    return bound_ != nullptr ? bound_->upper() : std::numeric_limits<double>::infinity();
  }

  void keep_state(std::uint64_t number) {
    if (!model_.any_optional()) return keep(state_.values(), number);
    std::vector<Value> values = state_.values();
    model_.sweep(values);
    keep(values, number);
  }

  const Model& model_;
  const SearchOptions& options_;
  State state_;
  LocalSearch local_;
  Rng rng_;
  Clock clock_;
  Podium podium_;
  Spread spread_;
  std::unique_ptr<Bound> bound_;
  SearchFigures figures_;
  std::uint64_t changes_before_ = 0;
  std::uint64_t last_better_ = 0;
  bool restarts_ = true;
  bool proven_ = false;
  bool interrupted_ = false;
};

}  // namespace

bool Podium::add(const Model& model, const std::vector<Value>& values, double score,
                 std::uint64_t episode) {
  Ranked added{values, score, model.freshness(values), episode};
  const auto place = std::lower_bound(ranked_.begin(), ranked_.end(), added, before);
  const auto index = static_cast<std::size_t>(place - ranked_.begin());
  if (index >= places_) return false;
  const auto same = [&](const Ranked& known) { return known.values == values; };
  const auto near = [&](const Ranked& known) {
    return std::abs(known.score - score) <= 4 * kEqual;
  };
  for (auto known = place; known != ranked_.end() && near(*known); ++known) {
    if (same(*known)) return false;
  }
  for (auto known = place; known != ranked_.begin() && near(*std::prev(known)); --known) {
    if (same(*std::prev(known))) return false;
  }
  ranked_.insert(place, std::move(added));
  if (ranked_.size() > places_) ranked_.pop_back();
  return index == 0;
}

double Podium::score_floor(std::size_t count) const {
  return ranked_.size() < count ? -kHard / 2 : ranked_[count - 1].score;
}

double Podium::floor(std::size_t count) const {
  return ranked_.size() < count ? -kHard / 2
                                : ranked_[count - 1].score + ranked_[count - 1].freshness;
}

SearchResult search(const Model& model, const std::vector<Value>& first,
                    const SearchOptions& options) {
  return Search(model, first, options).run();
}

}  // namespace resolver::learn

#include "resolver/learn/predictor.h"

namespace resolver::learn {

std::unique_ptr<Predictor> make_predictor(std::string_view name, const Model& model, TdOptions td) {
  if (name == "td") return make_td(model, td);
  if (name == "annealing") return make_annealing(model);
  if (name == "hill-climbing") return make_hill_climbing(model);
  if (name == "mcts") return make_mcts(model);
  if (name == "random-walk") return make_random_walk(model);
  if (name == "sampling") return make_sampling(model);
  if (name == "latest") return make_latest(model);
  if (name == "package-combinations") return make_package_combinations(model);
  return nullptr;
}

std::string_view predictor_for(std::string_view recommendation_type) {
  return recommendation_type == "latest" ? "latest" : "td";
}

}  // namespace resolver::learn

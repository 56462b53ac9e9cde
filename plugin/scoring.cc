#include "plugin/scoring.h"

#include <algorithm>
#include <string_view>

#include "resolver/pipeline/steps/advisory_penalty.h"
#include "resolver/pipeline/steps/score_unit.h"

namespace plugin {

namespace pipeline = resolver::pipeline;

std::vector<const pipeline::NativeUnit*> Scoring::list() const {
  std::vector<const pipeline::NativeUnit*> all;
  for (const auto& unit : units) all.push_back(unit.get());
  return all;
}

pep::Result<Scoring> open_scoring(const AdviseOptions& options, const rpmenv::Target& target,
                                  std::int64_t now) {
  Scoring scoring;
  if (!options.advisories.empty()) {
    auto book = pipeline::AdvisoryBook::read(options.advisories);
    if (!book) return std::move(book).error();
    scoring.advisories = std::make_unique<pipeline::AdvisoryBook>(std::move(*book));
    scoring.units.push_back(pipeline::make_advisory_sieve(*scoring.advisories));
    scoring.units.push_back(pipeline::make_advisory_penalty(*scoring.advisories));
  }
  for (const std::string& names : options.scores) {
    std::string_view rest = names;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      auto added = pipeline::add_score_units(name, {.now = now, .target = &target}, scoring.units);
      if (!added) return std::move(added).error();
    }
  }
  return scoring;
}

}  // namespace plugin

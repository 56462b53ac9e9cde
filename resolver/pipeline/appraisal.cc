#include "resolver/pipeline/appraisal.h"

#include <algorithm>

namespace resolver::pipeline {

double appraise(const std::vector<const Appraiser*>& appraisers, const AppraisedPackage& package) {
  double sum = 0;
  for (const Appraiser* appraiser : appraisers)
    sum += std::clamp(appraiser->score(package), -1.0, 0.0);
  return sum;
}

}  // namespace resolver::pipeline

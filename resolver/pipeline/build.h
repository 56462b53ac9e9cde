// Assembles the pipeline of one run: which units take part (should_include, to its fixed point),
// what the boots say, and the Plan that the others make.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "prescriptions/situation.h"
#include "prescriptions/unit.h"
#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/unit.h"

namespace resolver::pipeline {

struct Request {
  prescriptions::Situation situation;
  std::vector<std::string>
      direct;  // normal names of the direct requirements that apply (development ones if asked for)
};

// `book` must outlive the plan: it points into it. `native` are units written in C++, in their
// order; they come before declarative ones of their kind.
Plan build(const prescriptions::Rulebook& book, const Request& request,
           std::span<const NativeUnit* const> native = {});

}  // namespace resolver::pipeline

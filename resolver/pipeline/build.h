// Assembles the pipeline of one run: which units take part (should_include, to its fixed point),
// what the boots say, and the Plan that the others make.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pep/result.h"
#include "prescriptions/compiled.h"
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

// `native` are units written in C++, in their order; they come before declarative ones of their
// kind. The bytes of `books` must outlive the plan. malformed if a book is damaged.
pep::Result<Plan> build(std::span<const prescriptions::CompiledRules> books, const Request& request,
                        std::span<const NativeUnit* const> native = {});
// The same of a rulebook in memory.
Plan build(const prescriptions::Rulebook& book, const Request& request,
           std::span<const NativeUnit* const> native = {});

}  // namespace resolver::pipeline

// A plan from rules written in a test.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "prescriptions/read.h"
#include "resolver/pipeline/build.h"

namespace resolver::pipeline {

struct PlannedRules {
  std::unique_ptr<prescriptions::Reading> reading;  // the plan points into it
  Plan plan;
};

inline PlannedRules plan_of(std::vector<prescriptions::Document> documents, const Request& request,
                            std::span<const NativeUnit* const> native = {}) {
  PlannedRules made;
  made.reading = std::make_unique<prescriptions::Reading>(prescriptions::read_documents(documents));
  for (const auto& fault : made.reading->errors) {
    ADD_FAILURE() << fault.file << ":" << fault.line << ":" << fault.column << " " << fault.path
                  << ": " << fault.message;
  }
  made.plan = build(made.reading->book, request, native);
  return made;
}

inline PlannedRules plan_of(const std::string& yaml, const Request& request = {}) {
  return plan_of(std::vector<prescriptions::Document>{{"rules.yaml", yaml, "t"}}, request);
}

}  // namespace resolver::pipeline

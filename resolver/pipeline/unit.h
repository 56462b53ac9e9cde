// The interface of a unit written in C++. It stands beside the declarative ones: included by the
// same fixed point, contributing to the same Plan. A unit is one file in boots/, pseudonyms/,
// sieves/, steps/, strides/ or wraps/.
#pragma once

#include <string>
#include <string_view>

#include "prescriptions/condition.h"
#include "prescriptions/situation.h"

namespace resolver::pipeline {

struct Request;
class PlanBuilder;

// Which units are in so far, for units that depend on others.
class Included {
 public:
  virtual ~Included() = default;
  virtual bool contains(prescriptions::Kind kind, std::string_view name) const = 0;
};

class NativeUnit {
 public:
  virtual ~NativeUnit() = default;
  virtual std::string_view name() const = 0;  // bare: how reports and `dependencies` call it
  virtual prescriptions::Kind kind() const = 0;
  virtual bool should_include(const Request& request, const Included& included) const = 0;
  // Called once, after inclusion.
  virtual void contribute(const Request& request, PlanBuilder& plan) const = 0;
};

}  // namespace resolver::pipeline

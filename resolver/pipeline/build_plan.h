// Fills a Plan: what build() and units written in C++ put rules in with.
#pragma once

#include <string>
#include <vector>

#include "resolver/pipeline/build.h"
#include "resolver/pipeline/plan.h"
#include "resolver/pipeline/plan_parts.h"

namespace resolver::pipeline {

class PlanBuilder {
 public:
  explicit PlanBuilder(Plan& plan) : parts_(*plan.parts_) {}

  void count_units(std::size_t total) { parts_.units_total = total; }
  void add(const Unit& unit);
  void add(const NativeUnit& unit, const Request& request);
  void run_boots(const Request& request);

  // For NativeUnit::contribute(). Notices count for the rules that follow.
  void notices(Notices notices);
  void remove(PackagePattern pattern);
  void skip(std::string name);
  void rule(StackRule rule);  // its head is filled in
  void wrap(WrapRule rule);   // its head is filled in
  // For boots.
  void say(Entry entry);
  void veto(std::string message);

 private:
  RuleHead head();
  void index(Plan::Parts::Member& member, std::string_view name);

  Plan::Parts& parts_;
  std::vector<const Unit*> boots_;
  const NativeUnit* native_ = nullptr;  // whose turn it is
  Plan::Parts::Member* member_ = nullptr;
  const Notices* notices_ = nullptr;
};

}  // namespace resolver::pipeline

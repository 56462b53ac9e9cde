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

  void add(const prescriptions::CompiledRules& rules);
  std::vector<Plan::Parts::Book>& books() { return parts_.books; }
  void begin(prescriptions::Kind kind);  // kinds one after the other: units of C++ follow
  void add(const NativeUnit& unit, const Request& request);
  void finish(std::size_t native_total, const Request& request);  // counts, boots

  // For NativeUnit::contribute(). Notices count for the rules that follow.
  void notices(Notices notices);
  void remove(PackagePattern pattern, const VersionSet* versions = nullptr);
  void appraise(const Appraiser& appraiser);  // which outlives the plan
  void skip(std::string name);
  void rule(StackRule rule);  // its head is filled in
  void wrap(WrapRule rule);   // its head is filled in
  // For boots.
  void say(Entry entry);
  void veto(std::string message);

 private:
  RuleHead head();
  void count(std::size_t native_total);
  void note_pseudonyms();
  void run_boots(const Request& request);
  void index(Plan::Parts::Member& member, std::string_view name);

  Plan::Parts& parts_;
  const NativeUnit* native_ = nullptr;  // whose turn it is
  Plan::Parts::Member* member_ = nullptr;
  const Notices* notices_ = nullptr;
  prescriptions::Kind kind_ = prescriptions::Kind::kBoot;
  std::uint32_t unit_base_ = 0;  // units of the books before this kind, and their rules
  std::uint32_t rule_base_ = 0;
  std::uint32_t natives_ = 0;  // added so far, and their rules
  std::uint32_t native_rules_ = 0;
};

}  // namespace resolver::pipeline

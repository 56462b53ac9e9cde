#include "prescriptions/compiled.h"

#include <gtest/gtest.h>

#include "prescriptions/compile.h"
#include "prescriptions/explain.h"
#include "prescriptions/shipped.h"
#include "tests/prescriptions/document.h"

namespace prescriptions {
namespace {

constexpr const char* kRules = R"(
units:
  boots:
  - {name: B, type: boot, should_include: {adviser_pipeline: true}, run: {stack_info: [{type: INFO, message: hello, link: 'https://example.com'}]}}
  pseudonyms:
  - {name: N, type: pseudonym, should_include: {adviser_pipeline: true}, match: {package_version: {name: b, version: '>=1'}}, run: {yield: {package_version: {name: c, locked_version: '==2.0rc1'}}}}
  sieves:
  - {name: V, type: sieve, should_include: {adviser_pipeline: true, dependencies: {boots: [t.B]}}, match: [{package_version: {name: a, version: '==r15'}}, {package_version: {index_url: {not: 'https://example.com'}}}]}
  - {name: W, type: sieve.SkipPackage, should_include: {adviser_pipeline: true}, match: {package_name: a}}
  steps:
  - {name: S, type: step, should_include: {adviser_pipeline: true, runtime_environments: {python_version: '>=3.9', cuda_version: null, hardware: [{cpu_families: [6, null]}]}}, match: {package_version: {name: a, version: '', develop: false}, state: {resolved_dependencies: [{name: b}], package_version_from: [{name: c}], package_version_from_allow_other: true}}, run: {score: -0.1, justification: [{type: WARNING, message: bad, link: 'https://example.com', cve_id: CVE-1}]}}
  - {name: K, type: step.SkipPackage, should_include: {adviser_pipeline: true}, match: {package_version: {name: a}}}
  - {name: D, type: step.AddPackage, should_include: {adviser_pipeline: true}, match: {package_version: {name: a}}, run: {package_version: {name: q, locked_version: '==1.0', index_url: 'https://example.com', develop: true}}}
  - {name: G, type: step.Group, should_include: {adviser_pipeline: true}, match: {group: [{package_version: {name: a}}, {package_version: {name: b}}]}, run: {not_acceptable: never}}
  strides:
  - {name: T, type: stride, should_include: {adviser_pipeline: true}, match: {state: {resolved_dependencies: [{name: a}]}}, run: {eager_stop_pipeline: stop}}
  wraps:
  - {name: P, type: wrap, should_include: {adviser_pipeline: true}, run: {advised_manifest_changes: [{apiVersion: v1}]}}
  - {name: R, type: wrap.GHReleaseNotes, should_include: {adviser_pipeline: true}, match: {state: {resolved_dependencies: [{name: a}]}}, run: {release_notes: {organization: o, repository: r}}}
)";

Reading rules() {
  Reading reading = read_yaml(kRules);
  EXPECT_EQ(brief(reading.errors), std::vector<std::string>());
  EXPECT_EQ(reading.book.units.size(), 11U);
  return reading;
}

// Each unit, decoded, reads as it did before.
void expect_same(const Rulebook& book) {
  const std::string bytes = compile(book);
  auto compiled = CompiledRules::open(bytes);
  ASSERT_TRUE(compiled) << compiled.error().what;
  ASSERT_EQ(compiled->unit_count(), book.units.size());
  for (const Unit& unit : book.units) {
    const auto number = compiled->find(kind_of(unit), unit.qualified);
    ASSERT_TRUE(number) << unit.qualified;
    auto decoded = compiled->unit(*number);
    ASSERT_TRUE(decoded) << decoded.error().what;
    auto condition = compiled->condition(compiled->row(*number).condition);
    ASSERT_TRUE(condition) << condition.error().what;
    decoded->should_include = std::make_shared<const ShouldInclude>(std::move(*condition));
    Rulebook one{.files = {std::string(compiled->file(decoded->origin.file))}, .units = {}};
    decoded->origin.file = 0;
    Rulebook other{.files = {book.files[unit.origin.file]}, .units = {}};
    Unit before = unit;
    before.origin.file = 0;
    EXPECT_EQ(explain(*decoded, one, nullptr), explain(before, other, nullptr));
    EXPECT_EQ(decoded->name, unit.name);
    EXPECT_EQ(compile({one.files, {*decoded}}), compile({other.files, {before}}));
  }
}

TEST(Compiled, EveryTypeAndFieldReadsAsItWasWritten) { expect_same(rules().book); }

TEST(Compiled, SoDoTheShippedRules) { expect_same(read_documents(shipped_documents()).book); }

TEST(Compiled, ANameLeadsToTheUnitsThatNameIt) {
  const std::string bytes = compile(rules().book);
  auto compiled = CompiledRules::open(bytes);
  ASSERT_TRUE(compiled);
  const auto names = [&](CompiledRules::Postings postings) {
    std::vector<std::string> found;
    for (std::uint32_t i = 0; i < postings.count; ++i)
      found.emplace_back(compiled->qualified(compiled->posting(postings.begin + i)));
    return found;
  };
  EXPECT_EQ(names(compiled->naming("c")), (std::vector<std::string>{"t.S"}));
  EXPECT_EQ(names(compiled->naming("b")), (std::vector<std::string>{"t.N", "t.G", "t.S"}));
  EXPECT_EQ(names(compiled->naming("zz")), std::vector<std::string>());
}

TEST(Compiled, TheOrderOfUnitsDoesNotShow) {
  Reading reading = rules();
  const std::string bytes = compile(reading.book);
  std::swap(reading.book.units.front(), reading.book.units.back());
  EXPECT_EQ(compile(reading.book), bytes);
}

TEST(Compiled, WhateverIsCutOffIsRefused) {
  const std::string bytes = compile(rules().book);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(CompiledRules::open(std::string_view(bytes).substr(0, size))) << size;
}

// Blocks have their checksums, and each record its own.
TEST(Compiled, AByteThatChangedIsNoticedOrDoesNoHarm) {
  const std::string bytes = compile(rules().book);
  std::size_t noticed = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    auto compiled = CompiledRules::open(damaged);
    bool good = compiled.has_value();
    for (std::uint32_t i = 0; good && i < compiled->unit_count(); ++i)
      good = compiled->unit(i) && compiled->condition(compiled->row(i).condition) &&
             !compiled->qualified(i).empty();
    good = good && !compiled->damage();
    noticed += good ? 0U : 1U;
  }
  EXPECT_GT(noticed, bytes.size() / 2);
}

// A rule whose package could not be found any more would be lost without a word.
TEST(Compiled, ADamagedNameIsNoticed) {
  const std::string bytes = compile(rules().book);
  const auto whole = CompiledRules::open(bytes);
  ASSERT_TRUE(whole);
  std::size_t names = 0;
  for (std::uint32_t i = 0; i < whole->unit_count(); ++i) {
    const std::string name(whole->qualified(i));
    for (std::size_t at = bytes.find(name); at != std::string::npos;
         at = bytes.find(name, at + 1)) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      const auto opened = CompiledRules::open(damaged);
      ASSERT_TRUE(opened);
      for (std::uint32_t unit = 0; unit < opened->unit_count(); ++unit) opened->qualified(unit);
      opened->naming("c");
      if (opened->damage()) ++names;
    }
  }
  EXPECT_GE(names, whole->unit_count());
}

TEST(Compiled, AnotherFormatSaysWhatToDo) {
  std::string bytes = compile(rules().book);
  bytes[8] = 99;
  auto compiled = CompiledRules::open(bytes);
  ASSERT_FALSE(compiled);
  EXPECT_NE(compiled.error().what.find("compile them again"), std::string::npos);
}

}  // namespace
}  // namespace prescriptions

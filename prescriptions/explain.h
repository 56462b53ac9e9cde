// What `seshat prescriptions lint|list|explain` print. Text in, text out; no terminal, no files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "prescriptions/read.h"
#include "prescriptions/situation.h"

namespace prescriptions {

std::string lint_json(const Reading& reading);   // schema seshat.lint/1
std::string lint_text(const Reading& reading);   // one line a fault, then the counts
std::string lint_sarif(const Reading& reading);  // SARIF 2.1.0
// The lines of `document` in which a unit is written.
std::string lines_of(const Unit& unit, std::string_view document);

// "boot  NAMESPACE.NAME  file:line", sorted by kind and name.
std::string list_units(const Rulebook& book);

// Units by their whole name or, where no name is whole, by the bare one. One name may mean units of
// several kinds.
std::vector<const Unit*> find_units(const Rulebook& book, std::string_view name);
// Names that `name` may have been meant for; for the error when nothing is found.
std::vector<std::string> near_names(const Rulebook& book, std::string_view name);
// In sentences: when it takes part, what it does and, with a situation, whether it takes part
// there.
std::string explain(const Unit& unit, const Rulebook& book, const Situation* situation);

}  // namespace prescriptions

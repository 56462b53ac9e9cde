// What rules that add and skip packages did to a stack: private to the files that make stacks and
// check them.
#pragma once

#include <vector>

#include "resolver/pipeline/stack.h"

namespace resolver::pipeline {

class Problem;

// Who is there for development only, from what is direct and who requires whom.
void mark_develop(Stack& stack);
// Adds the edges of packages that rules added, and names the rules that took effect.
void tell_edits(const Problem& problem, Stack& stack);

// Rules of the stack's packages, or of none, that add packages; in the order of units.
std::vector<const StackRule*> additions_of(const Problem& problem, const Stack& stack);
// The places at which a rule fires.
std::vector<std::size_t> firings_of(const StackRule& rule, const Stack& stack);
// What direct requirements lead to without going through `avoided`; one byte a place.
std::vector<char> reached_without(const Stack& stack, std::size_t avoided);
// Whether a package is in the stack whatever rules add.
bool is_there_anyway(const Stack& stack, std::size_t place);

}  // namespace resolver::pipeline

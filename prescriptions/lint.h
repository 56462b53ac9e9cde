// Warnings for authors: what a document means that can never happen, or that differs from what the
// original does. Errors are the reader's (read.h); these units are valid.
#pragma once

#include <vector>

#include "prescriptions/read.h"

namespace prescriptions {

// What only the whole rulebook shows: dependencies on units that don't exist.
// Warnings about single fields (an empty range, text that is no version) are found while reading.
void lint(Reading& reading);

// True if no version can be in the range: an AND such as "<1.0,>1.4".
bool is_empty(const VersionRange& range);

}  // namespace prescriptions

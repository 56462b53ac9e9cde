// Reads documents that are no prescriptions but are written like them: strict keys, every value
// with its place.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "prescriptions/field.h"
#include "prescriptions/read_parts.h"

namespace prescriptions {

// Calls `use` with the root of the file's document. The first fault, by place, is the error.
pep::Status read_declared(const std::string& path, const std::function<void(const Field&)>& use);
// The same from text; `path` is what a person is told. Not called for an empty document.
// With `forgiven`, unknown keys are no faults and go there, with everything else that is odd.
pep::Status read_declared_text(const std::string& text, const std::string& path,
                               const std::function<void(const Field&)>& use,
                               std::vector<Fault>* forgiven = nullptr);

}  // namespace prescriptions

// What the --environment file and an entry of `.thoth.yaml` share. Private to their readers.
#pragma once

#include "prescriptions/field.h"
#include "prescriptions/situation.h"

namespace prescriptions {

// Takes every key that there is; the others are faults, or warnings if the context forgives them.
DeclaredEnvironment read_environment_map(FieldMap& map, Situation& situation);

}  // namespace prescriptions

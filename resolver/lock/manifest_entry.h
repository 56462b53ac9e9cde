// One requirement out of a document (TOML): parsed, with its place in the file.
#pragma once

#include "resolver/lock/document.h"
#include "resolver/lock/requirements.h"

namespace resolver::lock {

// `value` is the string that holds `text`; an error's column points into it.
pep::Result<RootRequirement> parse_entry(const SourceText& source, const Value& value,
                                         std::string_view text);

// Malformed unless `value` is of kind `kind`; `what` names it: "[project] dependencies".
pep::Status expect_kind(const SourceText& source, const Value& value, Value::Kind kind,
                        std::string_view what);

// Reads and decodes the file at `path`.
pep::Result<SourceText> read_source(const std::string& path);

}  // namespace resolver::lock

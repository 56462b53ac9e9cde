// Reads install_requires and extras_require of a setup.cfg. Values that setuptools would take from
// files or modules
// ("file:", "attr:") are refused with the reason.
#pragma once

#include "resolver/lock/document.h"
#include "resolver/lock/manifest.h"

namespace resolver::lock {

struct SetupItem {
  std::string text;
  Value place;  // line and column of the text
};

struct SetupOption {
  std::string section;
  std::string name;  // in lower case
  Value place;
  std::vector<SetupItem> items;  // one a line; a value on the line of the name is the first
};

// The format of Python's configparser, as far as setup.cfg uses it: sections, "name = value",
// indented continuation.
std::vector<SetupOption> setup_options(const SourceText& source);

pep::Result<Requirements> read_setup_cfg(const std::string& path, const Selection& selection);
pep::Result<Requirements> read_setup_cfg_text(std::string_view text, const std::string& name,
                                              const Selection& selection);

}  // namespace resolver::lock

// Which index is asked, and how: the command line, SESHAT_* variables, the manifest, PIP_*
// variables, the target's pip.conf, and at last what the pip installed in the target asks by
// itself. No index is named in this source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/options.h"
#include "resolver/index/client.h"
#include "resolver/lock/requirements.h"
#include "rpmenv/facts.h"

namespace plugin {

// Where the store is.
struct StorePlace {
  std::string directory;  // empty: there is no writable place
  std::string origin;
};
StorePlace store_place(const std::optional<std::string>& given);

struct IndexSettings {
  resolver::index::ClientOptions client;
  std::vector<Setting> settings;
  std::string own_index;  // what the pip in the target asks by itself, where that is what is asked
  bool nowhere = false;   // there is no index and no --find-links either
  std::string warning;    // e.g. no place for a store; empty if there is none
};

// kConfig if no index is known and none is forbidden.
pep::Result<IndexSettings> index_settings(const IndexOptions& options,
                                          const resolver::lock::FileOptions& manifest,
                                          const rpmenv::PipConfiguration& pip);

}  // namespace plugin

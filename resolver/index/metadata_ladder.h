// How the metadata of one file is obtained, cheapest way first: metadata file (PEP 658, 714), the
// wheel's end, the whole wheel, the sdist's PKG-INFO. Knows nothing of stores.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "pep/name.h"
#include "pep/result.h"
#include "resolver/index/network.h"
#include "resolver/index/page_record.h"

namespace resolver::index {

struct WantedMetadata {
  pep::Name name;
  std::string filename;
  std::string url;
  FileKind kind = FileKind::kWheel;
  std::optional<Sha256> sha256;
  std::optional<Sha256> metadata_sha256;
  bool core_metadata = false;
  std::uint64_t size = 0;
  Traffic* traffic = nullptr;     // where requests are counted
  std::string scratch_directory;  // for whole wheels; they are never held in memory
};

// `done` gets the text of METADATA or PKG-INFO, from a job. Returns the ticket of the first
// request, 0 for a local file.
Fetcher::Ticket fetch_metadata(Network& network, WantedMetadata wanted,
                               std::function<void(pep::Result<std::string>)> done);

// The same for a file on this machine, at once.
pep::Result<std::string> local_metadata(const WantedMetadata& wanted);

}  // namespace resolver::index

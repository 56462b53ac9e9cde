// An image archive as a Root: an OCI layout, or a tar file that holds one or is what `docker save`
// writes. Layers stream through memory one after the other; of their files only those are kept that
// an inspection reads.
#pragma once

#include <memory>
#include <string>

#include "pep/result.h"
#include "rpmenv/root.h"

namespace rpmenv {

pep::Result<std::unique_ptr<Root>> open_layout(const std::string& directory);
pep::Result<std::unique_ptr<Root>> open_archive(const std::string& path);

}  // namespace rpmenv

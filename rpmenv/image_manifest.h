// The JSON of an image archive: which layers, in which order, with which digests, and the image's
// environment. Knows nothing of where the blobs lie.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pep/result.h"

namespace rpmenv {

struct Layer {
  std::string blob;    // name of the member: "blobs/sha256/…" or "…/layer.tar"
  std::string digest;  // hex SHA-256 of the blob; empty if none is known
};

struct ImageManifest {
  std::vector<Layer> layers;             // lowest first
  std::vector<std::string> environment;  // "NAME=value"
};

// The text of a member; not_found if there is none of that name.
using ReadMember = std::function<pep::Result<std::string>(const std::string& name)>;

// An OCI layout (index.json) or what `docker save` writes (manifest.json). Of several images the
// first for Linux and this machine's architecture, else the first. integrity if a blob of JSON is
// not what its digest says.
pep::Result<ImageManifest> read_image_manifest(const ReadMember& read);

// The environment in the configuration of an image as tools print it: an OCI or docker
// configuration, or what `buildah inspect` or `docker inspect` say of an image or a container.
// malformed if it is none of these.
pep::Result<std::vector<std::string>> read_image_environment(const std::string& json);

}  // namespace rpmenv

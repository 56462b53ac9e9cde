// CUDA, cuDNN, MKL, OpenBLAS and Open MPI of an image, from headers, file names, distributions and
// packages.
#pragma once

#include "rpmenv/facts.h"
#include "rpmenv/root.h"

namespace rpmenv {

// Uses the packages, distributions and libraries that `facts` holds already.
Accelerators find_accelerators(const Root& root, const Facts& facts);

}  // namespace rpmenv

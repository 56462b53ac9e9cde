// What must not remain of a run that a signal ends: private directories, and programs that were
// started. From the first on, SIGINT, SIGTERM and SIGHUP remove them before they end the program as
// they would have without us.
#pragma once

#include <sys/types.h>

#include <string>

namespace plugin::direct {

void remember_directory(const std::string& path);
void forget_directory(const std::string& path);

// A process group, by its leader.
void remember_group(pid_t leader);
void forget_group(pid_t leader);

}  // namespace plugin::direct

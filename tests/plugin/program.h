// Runs the program as a user does: a child process in a directory, its streams and exit code.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace plugin::test {

struct Ran {
  int exit_code = 0;  // of a signal: its number, negative
  std::string out;
  std::string err;
};

// `variables` are added to an environment that holds PATH and HOME (the directory) only.
Ran run_program(const std::vector<std::string>& arguments, const std::string& directory,
                const std::map<std::string, std::string>& variables = {},
                const std::string& input = {});
// The same, sending it SIGINT after `milliseconds`.
Ran interrupt_program(const std::vector<std::string>& arguments, const std::string& directory,
                      int milliseconds);
// The same with SIGKILL. It may have ended before.
Ran kill_program(const std::vector<std::string>& arguments, const std::string& directory,
                 std::chrono::microseconds after);
// The same with a signal that `number` names, sent as soon as `ready` is there, a path.
Ran signal_program(const std::vector<std::string>& arguments, const std::string& directory,
                   const std::map<std::string, std::string>& variables, int number,
                   const std::string& ready);
// Any command, looked up on PATH; exit code 127 if there is none.
Ran run_command(const std::vector<std::string>& command, const std::string& directory,
                const std::map<std::string, std::string>& variables = {});

}  // namespace plugin::test

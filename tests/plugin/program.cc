#include "tests/plugin/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace plugin::test {

namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void redirect(const std::string& path, int flags, int descriptor) {
  const int opened = open(path.c_str(), flags, 0600);
  dup2(opened, descriptor);
  close(opened);
}

}  // namespace

namespace {

// What a child is sent while it runs; nothing if it has ended before.
struct Signal {
  int number = 0;
  std::chrono::microseconds after{0};
  std::string ready;  // a path to wait for
};

Ran run(const std::vector<std::string>& command, const std::string& directory,
        const std::map<std::string, std::string>& variables, const std::string& input,
        const Signal& signal) {
  std::array<char, 32> place{"/tmp/seshat-run-XXXXXX"};
  const std::string streams = mkdtemp(place.data());
  std::ofstream(streams + "/in", std::ios::binary) << input;
  const pid_t child = fork();
  if (child == 0) {
    redirect(streams + "/in", O_RDONLY, 0);
    redirect(streams + "/out", O_WRONLY | O_CREAT | O_TRUNC, 1);
    redirect(streams + "/err", O_WRONLY | O_CREAT | O_TRUNC, 2);
    if (chdir(directory.c_str()) != 0) _exit(126);
    std::vector<std::string> environment{"HOME=" + directory};
    if (!variables.contains("PATH"))
      environment.push_back(std::string("PATH=") + std::getenv("PATH"));
    for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    std::vector<char*> set;
    for (std::string& one : environment) set.push_back(one.data());
    set.push_back(nullptr);
    execvpe(words[0], words.data(), set.data());
    _exit(127);
  }
  if (signal.number != 0) {
    std::this_thread::sleep_for(signal.after);
    for (int tenths = 0; !signal.ready.empty() && tenths < 300; ++tenths) {
      if (access(signal.ready.c_str(), F_OK) == 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    kill(child, signal.number);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Ran ran{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
          .out = slurp(streams + "/out"),
          .err = slurp(streams + "/err")};
  for (const char* name : {"/in", "/out", "/err"}) unlink((streams + name).c_str());
  rmdir(streams.c_str());
  return ran;
}

std::vector<std::string> program_with(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{SESHAT_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

Ran run_program(const std::vector<std::string>& arguments, const std::string& directory,
                const std::map<std::string, std::string>& variables, const std::string& input) {
  return run(program_with(arguments), directory, variables, input, {});
}

Ran interrupt_program(const std::vector<std::string>& arguments, const std::string& directory,
                      int milliseconds) {
  return run(program_with(arguments), directory, {}, "",
             {SIGINT, std::chrono::milliseconds(milliseconds)});
}

Ran kill_program(const std::vector<std::string>& arguments, const std::string& directory,
                 std::chrono::microseconds after) {
  return run(program_with(arguments), directory, {}, "", {SIGKILL, after});
}

Ran signal_program(const std::vector<std::string>& arguments, const std::string& directory,
                   const std::map<std::string, std::string>& variables, int number,
                   const std::string& ready) {
  return run(program_with(arguments), directory, variables, "", {number, {}, ready});
}

Ran run_command(const std::vector<std::string>& command, const std::string& directory,
                const std::map<std::string, std::string>& variables) {
  return run(command, directory, variables, "", {});
}

}  // namespace plugin::test

#include "plugin/direct/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "plugin/direct/remains.h"

extern char** environ;

namespace plugin::direct {
namespace {

constexpr double kMostSeconds = 7 * 86400.0;
constexpr std::size_t kMostOut = std::size_t{64} << 20;
constexpr std::size_t kMostErr = std::size_t{64} << 10;

struct Pipe {
  int read = -1;
  int write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_read() {
    if (read >= 0) ::close(read);
    read = -1;
  }
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

std::vector<std::string> environment_of(const Process& process) {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string text = *one;
    const std::string name = text.substr(0, text.find('='));
    bool kept = !process.variables.contains(name);
    for (const std::string& prefix : process.without_prefixes)
      kept = kept && !name.starts_with(prefix);
    if (kept) all.push_back(text);
  }
  for (const auto& [name, value] : process.variables) {
    if (value) all.push_back(name + "=" + *value);
  }
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// The child's side; only what is safe after fork().
[[noreturn]] void become(const Process& process, char* const* words, char* const* variables,
                         const std::string& path, const Pipe& out, const Pipe& err,
                         const Pipe& failed) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(out.write, 1);
  ::dup2(err.write, 2);
  int fault = 0;
  if (!process.directory.empty() && ::chdir(process.directory.c_str()) != 0) fault = errno;
  if (fault == 0) {
    ::execve(path.c_str(), words, variables);
    fault = errno;
  }
  [[maybe_unused]] const ssize_t told = ::write(failed.write, &fault, sizeof fault);
  ::_exit(127);
}

// As the shell would find it.
std::string found_on_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::string_view place = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(place.size() + 1, rest.size()));
    const std::string file = std::string(place) + "/" + program;
    if (!place.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

void keep_tail(std::string& text, std::size_t most) {
  if (text.size() > 2 * most) text.erase(0, text.size() - most);
}

// Reads both streams until they end or the time is over.
bool drain(Pipe& out, Pipe& err, std::chrono::steady_clock::time_point deadline, Ended& ended) {
  std::array<char, 65536> buffer;
  while (out.read >= 0 || err.read >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> waiting{{{out.read, POLLIN, 0}, {err.read, POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(),
               static_cast<int>(std::min<std::int64_t>(left.count(), 1000))) < 0 &&
        errno != EINTR) {
      return true;
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      Pipe& pipe = i == 0 ? out : err;
      const ssize_t size = ::read(pipe.read, buffer.data(), buffer.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) {
        pipe.close_read();
        continue;
      }
      std::string& text = i == 0 ? ended.out : ended.err;
      text.append(buffer.data(), static_cast<std::size_t>(size));
      if (i == 1) keep_tail(text, kMostErr);
      if (i == 0) keep_tail(text, kMostOut);
    }
  }
  return true;
}

}  // namespace

std::string Ended::last_lines(std::size_t count) const {
  const std::string all = out + (out.empty() || out.ends_with('\n') ? "" : "\n") + err;
  std::size_t end = all.find_last_not_of(" \n\r\t");
  if (end == std::string::npos) return {};
  ++end;
  std::size_t begin = end;
  while (begin > 0 && count > 0) {
    const std::size_t line = all.rfind('\n', begin - 1);
    --count;
    begin = line == std::string::npos ? 0 : line;
  }
  if (begin < end && all[begin] == '\n') ++begin;
  return all.substr(begin, end - begin);
}

pep::Result<Ended> run(const Process& process) {
  const std::string path = found_on_path(process.command.at(0));
  if (path.empty()) {
    return pep::error(pep::Fault::kNotFound,
                      fmt::format("{} is not installed on this machine", process.command[0]));
  }
  Pipe out;
  Pipe err;
  Pipe failed;
  if (out.read < 0 || err.read < 0 || failed.read < 0)
    return pep::error(pep::Fault::kIo, "no pipe can be opened");
  const std::vector<std::string> variables = environment_of(process);
  const std::vector<char*> words = pointers(process.command);
  const std::vector<char*> set = pointers(variables);
  const pid_t child = ::fork();
  if (child < 0) return pep::error(pep::Fault::kIo, "no process can be started");
  if (child == 0) become(process, words.data(), set.data(), path, out, err, failed);
  ::setpgid(child, child);
  remember_group(child);
  for (Pipe* pipe : {&out, &err, &failed}) pipe->close_write();
  Ended ended;
  const double seconds = std::clamp(process.seconds, 0.0, kMostSeconds);
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
  ended.timed_out = !drain(out, err, deadline, ended);
  forget_group(child);
  ::kill(-child, SIGKILL);  // what it left behind, and at the time limit itself
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  int fault = 0;
  if (::read(failed.read, &fault, sizeof fault) == sizeof fault) {
    return pep::error(pep::Fault::kNotFound, fmt::format("{} cannot be started: {}",
                                                         process.command[0], std::strerror(fault)));
  }
  ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

pep::Result<Scratch> Scratch::make() {
  const char* temporary = std::getenv("TMPDIR");
  std::error_code failed;
  const auto base = std::filesystem::canonical(temporary == nullptr ? "/tmp" : temporary, failed);
  std::string path = (failed ? std::string("/tmp") : base.string()) + "/seshat-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return pep::error(pep::Fault::kIo,
                      "no temporary directory can be made; set TMPDIR to a writable directory");
  }
  remember_directory(path);
  return Scratch(std::move(path));
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (path_.empty()) return;
  std::filesystem::remove_all(path_, ignored);
  forget_directory(path_);
}

std::string Scratch::directory(const std::string& name) const {
  std::error_code ignored;
  const std::string path = path_ + "/" + name;
  std::filesystem::create_directories(path, ignored);
  return path;
}

}  // namespace plugin::direct

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/direct/locked_source.h"
#include "plugin/exit_code.h"
#include "plugin/installer.h"
#include "resolver/lock/readers.h"

namespace plugin {

namespace {

int fail(const pep::Error& error, const OutputOptions& output) {
  return report_failure(error, output, kLockStale);
}

// A file that disappears with its descriptor's owner.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    const char* directory = std::getenv("TMPDIR");
    path_ = fmt::format("{}/seshat-install-XXXXXX.txt", directory == nullptr ? "/tmp" : directory);
    const int descriptor = mkstemps(path_.data(), 4);
    if (descriptor < 0) {
      path_.clear();
      return;
    }
    std::size_t at = 0;
    while (at < text.size()) {
      const ssize_t written = write(descriptor, text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<std::size_t>(written);
    }
    whole_ = at == text.size();
    close(descriptor);
  }
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  bool whole() const { return whole_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool whole_ = false;
};

// Runs a program with our standard streams. Its exit code, or 127 if it could not be started.
int run(const std::vector<std::string>& command) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return 127;
  if (child == 0) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    std::fprintf(stderr, "error: %s cannot be started: %s\n", arguments[0], std::strerror(errno));
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Nothing is resolved here: --no-deps takes exactly the lock, --require-hashes exactly its files.
std::vector<std::string> command_of(const InstallOptions& options, const Installer& installer,
                                    bool hashes) {
  std::vector<std::string> command = installer.command;
  command.emplace_back("--no-deps");
  if (hashes) command.emplace_back("--require-hashes");
  if (options.for_image) command.insert(command.end(), {"--no-compile", "--no-cache-dir"});
  if (options.output.verbosity < 0) command.emplace_back("--quiet");
  if (!options.find_links.empty()) command.emplace_back("--no-index");
  for (const std::string& place : options.find_links) {
    command.emplace_back("--find-links");
    command.push_back(place);
  }
  if (options.target) {
    command.emplace_back("--target");
    command.push_back(*options.target);
  }
  return command;
}

// Has pip install what `lines`, a requirements file, says. Its exit code.
pep::Result<int> install(const InstallOptions& options, const Installer& installer,
                         const std::string& lines, bool hashes) {
  const TemporaryFile requirements(lines);
  if (!requirements.whole()) {
    return pep::error(pep::Fault::kIo,
                      "no temporary file can be written; set TMPDIR to a writable directory");
  }
  std::vector<std::string> command = command_of(options, installer, hashes);
  command.emplace_back("-r");
  command.push_back(requirements.path());
  return run(command);
}

int failed(int code) {
  std::fprintf(stderr,
               "seshat: pip could not install the lock (its exit code: %d) [exit code %d]\n", code,
               static_cast<int>(kInstallFailed));
  return kInstallFailed;
}

}  // namespace

int run_pip(const InstallOptions& options, const std::vector<std::string>& arguments) {
  auto installer = find_installer(options.python, options.venv);
  if (!installer) return fail(installer.error(), options.output);
  std::vector<std::string> command = installer->command;
  if (options.for_image) command.emplace_back("--no-cache-dir");
  if (options.target) command.insert(command.end(), {"--target", *options.target});
  command.insert(command.end(), arguments.begin(), arguments.end());
  const int code = run(command);
  return code == 0 ? kDone : failed(code);
}

int run_install(const InstallOptions& options) {
  auto lock = resolver::lock::read_lock(options.lock);
  if (!lock) return fail(lock.error(), options.output);
  auto installer = find_installer(options.python, options.venv);
  if (!installer) return fail(installer.error(), options.output);
  direct::find_from(*lock, options.lock);
  direct::find_in(*lock, options.find_links);
  // pip holds no source tree against a hash, and with --require-hashes refuses to install one.
  const resolver::lock::Lock trees = direct::take_trees(*lock);
  for (const auto* part : {static_cast<const resolver::lock::Lock*>(&*lock), &trees}) {
    if (part == &trees && trees.packages.empty()) continue;
    auto code =
        install(options, *installer, resolver::lock::write_requirements(*part), part != &trees);
    if (!code) return fail(code.error(), options.output);
    if (*code != 0) return failed(*code);
  }
  return kDone;
}

}  // namespace plugin

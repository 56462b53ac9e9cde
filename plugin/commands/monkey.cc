// `monkey`: many stacks that hold, to a directory or as lines; with --exec each is tried by a
// command of the user's. What was tried is kept as one file a stack, so that a run which was killed
// goes on where it ended.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/direct/process.h"
#include "plugin/report/json.h"
#include "plugin/report/report.h"
#include "plugin/run.h"
#include "plugin/terminal.h"
#include "resolver/lock/lock.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOutput = 64 * 1024;  // of a command, in its verdict

void stack_keys(Json& json, const Product& product) {
  json.key("packages");
  json.begin_object();
  for (const resolver::lock::Package& package : product.lock.packages) {
    json.key(package.name.str());
    json.text(package.version.str());
  }
  json.end_object();
  json.key("score");
  json.real(product.score);
}

// The start of what a command wrote, whole characters only.
std::string shortened(const std::string& text) {
  return text.size() <= kMostOutput ? text : text.substr(0, kMostOutput);
}

class Monkey {
 public:
  explicit Monkey(const MonkeyOptions& options) : options_(options) {}

  int run() {
    if (!options_.command.empty() && options_.directory.empty())
      return fail("--exec needs -o DIR, where each stack has its place");
    if (!options_.directory.empty() && !options_.asked.dry_run) {
      std::error_code failure;
      fs::create_directories(options_.directory, failure);
      if (failure) return fail(options_.directory + " cannot be made: " + failure.message());
    }
    ProgressLine line(options_.asked.output);
    ProgressSink sink;
    if (line.active()) sink = [&](const Progress& progress) { line.show(progress); };
    RunResult result = advise(options_.asked, sink);
    line.clear();
    if (options_.asked.output.verbosity >= 0) {
      for (const std::string& warning : result.warnings)
        std::fprintf(stderr, "warning: %s\n", warning.c_str());
    }
    if (result.failure) return report_failure(*result.failure, options_.asked.output);
    if (result.report.outcome != Outcome::kLocked) {
      std::fprintf(stderr, "%s\nseshat: %s [exit code %d]\n", result.report.explanation.c_str(),
                   std::string(title_of(result.report.outcome)).c_str(), result.report.exit_code);
      return result.report.exit_code;
    }
    return hand_out(result.report);
  }

 private:
  int fail(std::string what) const {
    return report_failure(pep::error(pep::Fault::kUsage, std::move(what)), options_.asked.output);
  }

  int hand_out(const Report& report) {
    std::size_t number = 0;
    for (const Product& product : report.products) {
      ++number;
      if (options_.asked.dry_run) continue;
      if (options_.directory.empty()) {
        print(describe(number, product, nullptr));
        continue;
      }
      const fs::path place = fs::path(options_.directory) / std::to_string(number);
      if (auto written = write(place, number, product); !written)
        return report_failure(written.error(), options_.asked.output);
      if (options_.command.empty()) continue;
      if (auto tried = attempt(place, number, product); !tried)
        return report_failure(tried.error(), options_.asked.output);
    }
    if (options_.asked.output.verbosity >= 0) {
      std::fprintf(stderr, "%zu stack%s%s\n", number, number == 1 ? "" : "s",
                   report.degraded ? " (stopped early)" : "");
    }
    return std::fflush(stdout) == 0 ? kDone : fail("standard output cannot be written");
  }

  pep::Status write(const fs::path& place, std::size_t number, const Product& product) const {
    std::error_code failure;
    fs::create_directories(place, failure);
    const std::string line = describe(number, product, nullptr);
    struct Text {
      const char* name;
      std::string text;
    };
    for (const Text& file :
         {Text{"pylock.toml", resolver::lock::write_pylock(product.lock)},
          Text{"requirements.txt", resolver::lock::write_requirements(product.lock)},
          Text{"stack.json", line}}) {
      auto written = resolver::lock::write_file((place / file.name).native(), file.text);
      if (!written) return written;
    }
    return pep::Done{};
  }

  // The verdict of a stack that was tried before counts, if it is of the same stack.
  pep::Status attempt(const fs::path& place, std::size_t number, const Product& product) const {
    const std::string verdict = (place / "verdict.json").native();
    if (std::string known = read(verdict); is_of(known, product)) {
      print(known);
      return pep::Done{};
    }
    const std::string where = fs::absolute(place).native();
    auto ended = direct::run({.command = {"/bin/sh", "-c", options_.command},
                              .directory = where,
                              .variables = {{"SESHAT_STACK", std::to_string(number)},
                                            {"SESHAT_LOCK", where + "/pylock.toml"},
                                            {"SESHAT_REQUIREMENTS", where + "/requirements.txt"}},
                              .without_prefixes = {},
                              .seconds = options_.exec_time_limit});
    if (!ended) return std::move(ended).error().in("trying stack " + std::to_string(number));
    const std::string line = describe(number, product, &*ended);
    print(line);
    return resolver::lock::write_file(verdict, line);
  }

  static std::string read(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) return {};
    std::string text(4 * kMostOutput * 6, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
  }

  bool is_of(const std::string& verdict, const Product& product) const {
    return verdict.ends_with("}\n") && verdict.find(identity(product)) != std::string::npos;
  }

  std::string identity(const Product& product) const {
    Json json;
    json.one_line();
    json.begin_object();
    json.key("command");
    json.text(options_.command);
    stack_keys(json, product);
    json.end_object();
    std::string text = std::move(json).take();
    return text.substr(1, text.size() - 2);
  }

  // One line. Keys of the stack stand together, so that a verdict can be told to be of it.
  std::string describe(std::size_t number, const Product& product,
                       const direct::Ended* ended) const {
    Json json;
    json.one_line();
    json.begin_object();
    if (ended != nullptr) {
      json.key("command");
      json.text(options_.command);
    }
    stack_keys(json, product);
    json.key("number");
    json.number(static_cast<std::uint64_t>(number));
    if (ended != nullptr) {
      json.key("exit_code");
      json.number(ended->exit_code);
      json.key("timed_out");
      json.boolean(ended->timed_out);
      json.key("stdout");
      json.text(shortened(ended->out));
      json.key("stderr");
      json.text(shortened(ended->err));
    }
    json.end_object();
    return std::move(json).take() + "\n";
  }

  static void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  const MonkeyOptions& options_;
};

}  // namespace

int run_monkey(const MonkeyOptions& options) { return Monkey(options).run(); }

}  // namespace plugin

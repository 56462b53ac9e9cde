// `seshat build-hook`: what a build does, in its order. Each step is the command of that name; here
// is only what they are given, when they are left out, and what the last line says.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "plugin/build_ground.h"
#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/configuration.h"
#include "plugin/environment_check.h"
#include "plugin/labels.h"
#include "plugin/own_lock.h"
#include "plugin/report/terminal_text.h"
#include "resolver/lock/lock.h"
#include "resolver/lock/manifest.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;

bool is_on(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

void make_absolute(std::optional<std::string>& path) {
  std::error_code unknown;
  if (path) path = fs::absolute(*path, unknown).lexically_normal().string();
}

class BuildHook {
 public:
  BuildHook(const BuildHookOptions& options, const BuildGround& ground)
      : hook_(options), advise_(hook_.advise), ground_(ground) {}

  int go() {
    if (auto ready = prepare(); !ready) return fail(ready.error());
    if (hook_.off) return as_before("off");
    if (int code = decide(); code != kDone) return code;
    if (undecided_) return as_before(undecided_);
    for (auto step : {&BuildHook::vouch, &BuildHook::fetch, &BuildHook::check_wheels,
                      &BuildHook::install, &BuildHook::verify}) {
      if (int code = (this->*step)(); code != kDone) return code;
    }
    return finish();
  }

 private:
  int fail(const pep::Error& error, ExitCode not_found = kUsageError) const {
    return report_failure(error, advise_.output, not_found);
  }

  bool outside() const { return advise_.target.root && *advise_.target.root != "/"; }

  void note(const std::string& text) const {
    if (advise_.output.verbosity >= 0) std::printf("%s\n", printable(text).c_str());
    std::fflush(stdout);
  }

  pep::Status prepare() {
    if (is_on("ENABLE_PIPENV") && is_on("ENABLE_MICROPIPENV")) {
      return pep::error(pep::Fault::kConflict,
                        "ENABLE_PIPENV and ENABLE_MICROPIPENV are both set; set only one of them");
    }
    for (auto* path : {&hook_.venv, &hook_.install_target, &hook_.output_directory,
                       &hook_.wheelhouse, &advise_.target.root, &advise_.index.cache_dir}) {
      make_absolute(*path);
    }
    if (outside() && (!hook_.wheelhouse || !hook_.output_directory)) {
      return pep::error(pep::Fault::kUsage,
                        "from outside of the image (--root), --output-directory and --wheelhouse "
                        "say where lock and wheels go");
    }
    if (::chdir(hook_.directory.c_str()) != 0) {
      return pep::error(
          pep::Fault::kConfig,
          fmt::format("the application's directory {} cannot be entered", hook_.directory));
    }
    output_ = hook_.output_directory.value_or(report_directory(hook_.venv.value_or("")));
    wheelhouse_ = hook_.wheelhouse.value_or(ground_.directory("wheelhouse"));
    // A store in HOME would be in the image for ever.
    if (!advise_.index.cache_dir && !advise_.index.no_cache)
      advise_.index.cache_dir = ground_.directory("store");
    if (!outside()) advise_.target.search_path = search_path();
    return pep::Done{};
  }

  // The configuration is held against the image, or written anew beside the report.
  pep::Status configure() {
    TargetOptions& target = advise_.target;
    if (hook_.force) {
      auto text = write_configuration({.output = advise_.output,
                                       .target = target,
                                       .base_image = hook_.base_image,
                                       .recommendation_type = {},
                                       .requirements_format = {},
                                       .overlays_dir = {},
                                       .dry_run = true});
      if (!text) return std::move(text).error();
      const std::string path = output_ + "/thoth.yaml";
      if (auto written = resolver::lock::write_file(path, *text); !written) return written;
      target.config = path;
    }
    TargetOptions read = target;
    if (auto done = read_configuration(read); !done) return std::move(done).error();
    if (!hook_.config_check || hook_.force) return pep::Done{};
    auto found = check_environment(read);
    if (!found) return std::move(found).error();
    for (const std::string& warning : found->warnings) {
      if (advise_.output.verbosity >= 0)
        std::fprintf(stderr, "warning: %s\n", printable(warning).c_str());
    }
    return refuse_mismatch(read, *found);
  }

  // Which file says what is wanted; false where nothing does and the caller can live with that.
  pep::Result<bool> find_sources() {
    if (!advise_.sources.empty() || !advise_.with.empty()) return true;
    if (hook_.locked) {
      auto lock = find_own_lock(".");
      if (!lock) return std::move(lock).error();
      advise_.sources = {*lock};
      return true;
    }
    AdviseOptions seen = advise_;
    if (auto applied = apply_configuration(seen); !applied) return std::move(applied).error();
    if (!seen.sources.empty()) {
      advise_.sources = seen.sources;
      return true;
    }
    auto manifest = resolver::lock::find_manifest(".");
    if (manifest) return true;
    if (manifest.error().fault != pep::Fault::kNotFound) return std::move(manifest).error();
    auto lock = find_own_lock(".");
    if (lock) {
      advise_.sources = {*lock};
      return true;
    }
    if (lock.error().fault == pep::Fault::kConflict) return std::move(lock).error();
    if (hook_.leave_installing) return false;
    return std::move(manifest).error();
  }

  int decide() {
    std::error_code failed;
    if (!advise_.dry_run) fs::create_directories(output_, failed);
    if (failed) {
      return fail(pep::error(pep::Fault::kIo,
                             fmt::format("{} cannot be made: {}", output_, failed.message())));
    }
    if (auto configured = configure(); !configured) return or_fallback(fail(configured.error()));
    auto found = find_sources();
    if (!found) return fail(found.error(), hook_.locked ? kLockStale : kUsageError);
    if (!*found) {
      undecided_ = "nothing says what the application requires";
      return kDone;
    }
    if (!advise_.dry_run) {
      advise_.outputs = {output_ + "/" + kLockName, output_ + "/requirements.txt"};
      advise_.reports.push_back(output_ + "/" + kReportName);
    }
    advise_.degrade = hook_.fallback || advise_.dry_run;
    const int code = run_advise(advise_);
    if (advise_.dry_run) {
      undecided_ = "a dry run";
      return kDone;
    }
    return code == kDone ? kDone : or_fallback(code);
  }

  int or_fallback(int code) {
    if (!hook_.fallback) return code;
    degraded_ = true;
    undecided_ = "degraded";
    return kDone;
  }

  // What would happen without us: the application's own lock, else its manifest, by pip.
  int as_before(const char* why) {
    const std::string last =
        degraded_ ? "seshat: degraded: nothing was decided; see the reason above" : "";
    if (hook_.leave_installing) {
      if (degraded_) std::fprintf(stderr, "%s [exit code 0]\n", last.c_str());
      if (!degraded_) note(fmt::format("seshat: {}: nothing installed by Seshat", why));
      return kDone;
    }
    auto plain = plain_installation(".");
    if (!plain) return fail(plain.error());
    InstallOptions install = install_options();
    install.lock = plain->lock;
    const int code =
        plain->lock.empty() ? run_pip(install, plain->arguments) : run_install(install);
    if (code != kDone) return code;
    if (degraded_) {
      std::fprintf(stderr, "%s; installed %s unchecked [exit code 0]\n", last.c_str(),
                   plain->what.c_str());
    } else {
      note(fmt::format("seshat: {}: installed {} as it would be without Seshat", why, plain->what));
    }
    return kDone;
  }

  int vouch() {
    if (!hook_.provenance) return kDone;
    return run_provenance({.output = advise_.output,
                           .index = advise_.index,
                           .lock = lock(),
                           .root = {},
                           .json = false});
  }

  int fetch() {
    return run_fetch({.output = advise_.output,
                      .index = advise_.index,
                      .lock = lock(),
                      .directory = wheelhouse_,
                      .target = advise_.target});
  }

  // Where nothing will be installed by us, or not where an image's Python looks for it.
  int check_wheels() {
    if (!hook_.verify || !(outside() || hook_.install_target)) return kDone;
    return run_verify({.output = advise_.output,
                       .root = advise_.target.root.value_or("/"),
                       .python = advise_.target.python,
                       .lock = lock(),
                       .repositories = {},
                       .wheels = wheelhouse_,
                       .search_path = advise_.target.search_path,
                       .json = false});
  }

  InstallOptions install_options() const {
    const std::string& python = advise_.target.python;
    InstallOptions install;
    install.output = advise_.output;
    install.python =
        python.empty() || python.find('/') != std::string::npos ? python : "python" + python;
    if (python.find('/') != std::string::npos && python[0] != '/') install.python = "/" + python;
    install.target = hook_.install_target;
    install.venv = hook_.venv;
    install.for_image = true;
    return install;
  }

  int install() {
    if (outside()) return kDone;
    InstallOptions install = install_options();
    install.lock = lock();
    install.find_links = {wheelhouse_};
    return run_install(install);
  }

  int verify() {
    if (!hook_.verify || outside() || hook_.install_target) return kDone;
    VerifyOptions verify;
    verify.output = advise_.output;
    verify.index = advise_.index;
    verify.lock = lock();
    verify.search_path = search_path();
    if (hook_.venv) {
      verify.search_path.insert(verify.search_path.begin(), *hook_.venv + "/bin");
      verify.python = *hook_.venv + "/bin/python";
    } else {
      verify.python = advise_.target.python;
    }
    // What other interpreters of the machine have is not what was installed here.
    for (const std::string& place : verify.search_path) {
      const std::string found = place + "/python3";
      if (verify.python.empty() && ::access(found.c_str(), X_OK) == 0) verify.python = found;
    }
    return run_verify(verify);
  }

  int finish() {
    if (const auto time = source_date()) {
      set_times(output_, *time);
      for (const auto& tree : {hook_.venv, hook_.install_target, hook_.wheelhouse}) {
        if (tree) set_times(*tree, *time);
      }
    }
    auto labels = labels_of(output_, output_, hook_.base_image.value_or(""));
    if (!labels) return fail(labels.error());
    if (advise_.output.verbosity >= 0) std::fputs(labels_text(*labels, "buildah").c_str(), stdout);
    const char* done = outside()      ? "locked and fetched"
                       : hook_.verify ? "locked, installed and verified"
                                      : "locked and installed";
    note(fmt::format("seshat: done: {}; the reasons are in {}/{} [exit code 0]", done, output_,
                     kReportName));
    return kDone;
  }

  std::string lock() const { return output_ + "/" + kLockName; }

  BuildHookOptions hook_;
  AdviseOptions& advise_;
  const BuildGround& ground_;
  std::string output_;
  std::string wheelhouse_;
  const char* undecided_ = nullptr;  // why there is no decision of ours
  bool degraded_ = false;
};

}  // namespace

int run_build_hook(const BuildHookOptions& options) {
  auto ground = BuildGround::prepare();
  if (!ground) return report_failure(ground.error(), options.advise.output);
  return BuildHook(options, *ground).go();
}

}  // namespace plugin

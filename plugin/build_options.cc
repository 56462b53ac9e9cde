// The options of the commands that builds are made of: `config`, `build-hook`, `labels`,
// `provenance`. Thoth's variables are mapped onto ours.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <string_view>

#include "plugin/option_kinds.h"

namespace plugin {

namespace {

bool is_off(std::string_view text) {
  return text == "0" || text == "false" || text == "no" || text == "off";
}

}  // namespace

void map_foreign_variables() {
  struct Pair {
    const char* theirs;
    const char* ours;
    bool inverted = false;
  };
  constexpr Pair kPairs[] = {
      {"THOTH_OFF", "SESHAT_OFF"},
      {"THOTH_DRY_RUN", "SESHAT_DRY_RUN"},
      {"THOTH_ADVISE", "SESHAT_LOCKED", true},
      {"THOTH_ERROR_FALLBACK", "SESHAT_FALLBACK"},
      {"THOTH_CONFIG_CHECK", "SESHAT_CONFIG_CHECK"},
      {"THOTH_PROVENANCE_CHECK", "SESHAT_PROVENANCE"},
      {"THOTH_FORCE_GENERATE_CONFIG", "SESHAT_FORCE"},
      {"THOTH_ASSEMBLE_DEBUG", "SESHAT_VERBOSE"},
      {"THAMOS_RUNTIME_ENVIRONMENT", "SESHAT_RUNTIME_ENVIRONMENT"},
      {"THAMOS_RECOMMENDATION_TYPE", "SESHAT_RECOMMENDATION_TYPE"},
      {"THAMOS_DEV", "SESHAT_DEV"},
  };
  for (const Pair& pair : kPairs) {
    const char* value = std::getenv(pair.theirs);
    if (value == nullptr || *value == '\0') continue;
    const char* given = pair.inverted ? (is_off(value) ? "1" : "0") : value;
    ::setenv(pair.ours, given, 0);
  }
}

void add_config(CLI::App& app, ConfigOptions& config) {
  TargetOptions& target = config.target;
  option(app, "--root", target.root, "The image (default: /)");
  add_image_config(app, target.image_config);
  option(app, "--python", target.python, "Its interpreter: X.Y, or a path");
  option(app, "--config", target.config, "The file (default: .thoth.yaml)")->type_name("FILE");
  option(app, "--runtime-environment", target.runtime_environment,
         "The environment to write or check (default: the only one, else by the image)")
      ->type_name("NAME");
  option(app, "--base-image", config.base_image,
         "The image's name (default: what IMAGE_NAME and IMAGE_TAG, or THOTH_S2I_NAME and "
         "THOTH_S2I_VERSION say)");
  one_of(option(app, "--recommendation-type", config.recommendation_type,
                "latest, stable, testing, performance or security"),
         {"latest", "stable", "testing", "performance", "security"});
  one_of(option(app, "--requirements-format", config.requirements_format,
                "Of a new file: pipenv, pip or pip-tools"),
         {"pipenv", "pip", "pip-tools"});
  option(app, "--overlays-dir", config.overlays_dir,
         "Of a new file: the directory with a directory for each environment");
  flag(app, "--check", config.check,
       "Write nothing: is the image what the file declares? Exit code 6 if not");
  flag(app, "--dry-run", config.dry_run, "Print the file instead of writing it");
  add_output(app, config.output);
}

void add_labels(CLI::App& app, LabelsOptions& labels) {
  app.add_option("DIR", labels.directory,
                 "Where `seshat build-hook` put its report, in the image (default: "
                 "$APP_ROOT/.seshat, else /usr/share/seshat)");
  option(app, "--root", labels.root, "The image's root directory (default: /)");
  one_of(option(app, "--format", labels.format,
                "buildah: words for `buildah config`; annotations: the same as annotations; "
                "docker: LABEL "
                "instructions; shipwright: a piece of YAML; s2i: JSON"),
         {"buildah", "annotations", "docker", "shipwright", "s2i"});
  option(app, "--base-image", labels.base_image, "The base image's name");
  add_output(app, labels.output);
}

void add_provenance(CLI::App& app, ProvenanceOptions& provenance) {
  app.add_option("LOCK", provenance.lock, "The lock")->required();
  option(app, "--root", provenance.root,
         "Hold what is installed in this image against the lock, too");
  flag(app, "--json", provenance.json, "As JSON");
  add_index(app, provenance.index);
  add_output(app, provenance.output);
}

void add_build_hook(CLI::App& app, BuildHookOptions& hook) {
  constexpr const char* kGroup = "Build";
  app.option_defaults()->group(kGroup);
  option(app, "-d,--directory", hook.directory, "The application's sources; never written (.)");
  option(app, "--venv", hook.venv,
         "Install into this virtual environment; made if it is not there");
  option(app, "--install-target", hook.install_target, "Install into this directory");
  option(app, "--output-directory", hook.output_directory,
         "Where the lock and the report stay (default: $APP_ROOT/.seshat, else share/seshat in the "
         "virtual environment, else /usr/share/seshat)");
  option(app, "--wheelhouse", hook.wheelhouse,
         "Keep the files that are installed there (default: a passing directory)");
  option(app, "--base-image", hook.base_image, "The base image's name, for the labels");
  flag(app, "--off", hook.off, "Decide nothing: install as if Seshat were not there");
  flag(app, "--dry-run", hook.advise.dry_run,
       "Say what would be decided, and install as if Seshat were not there");
  flag(app, "--fallback", hook.fallback,
       "Where there is no decision, warn and install as if Seshat were not there");
  flag(app, "--locked", hook.locked, "Take the application's own lock as it is, and verify it");
  flag(app, "--config-check,!--no-config-check", hook.config_check,
       "Stop where the image is not what .thoth.yaml declares (on)");
  flag(app, "--force", hook.force, "Look at the image anew in place of the entry in .thoth.yaml");
  flag(app, "--verify,!--no-verify", hook.verify, "Verify what was installed (on)");
  flag(app, "--provenance,!--no-provenance", hook.provenance,
       "Hold the lock against the indexes (off)");
  flag(app, "--leave-installing", hook.leave_installing,
       "Where Seshat does not decide, install nothing: the caller does");
  add_resolving(app, hook.advise);
  add_output(app, hook.advise.output);
}

}  // namespace plugin

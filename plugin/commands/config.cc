// `seshat config`: writes the project's configuration by looking at the image.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/configuration.h"
#include "plugin/environment_check.h"
#include "plugin/report/terminal_text.h"
#include "prescriptions/configuration_file.h"
#include "resolver/lock/lock.h"

namespace plugin {

namespace {

using prescriptions::ConfigurationFile;
using prescriptions::RuntimeEnvironment;
using prescriptions::Situation;

// In single quotes, so that no text is anything else.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string nullable(const std::optional<std::string>& text) {
  return text ? quoted(*text) : "null";
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// As build systems tell it to what runs in a build; empty: not known.
std::string base_image_of(const ConfigOptions& options) {
  if (options.base_image) return *options.base_image;
  if (const std::string name = variable("IMAGE_NAME"); !name.empty()) {
    const std::string tag = variable("IMAGE_TAG");
    return tag.empty() ? name : name + ":" + tag;
  }
  const std::string name = variable("THOTH_S2I_NAME");
  const std::string version = variable("THOTH_S2I_VERSION");
  return name.empty() || version.empty() ? name : name + ":v" + version;
}

std::string default_name(const Situation& image) {
  std::string name = image.operating_system.empty() ? "linux" : image.operating_system;
  if (!image.operating_system_version.empty()) name += "-" + image.operating_system_version;
  std::string python = image.python_version;
  std::erase(python, '.');
  name += "-py" + python;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.')
      c = '-';
  }
  return name;
}

// The build host's hardware is not the one that will run the image: it is not written.
std::string entry_text(const ConfigOptions& options, const std::string& name,
                       const Situation& image) {
  std::string text = "- name: " + quoted(name) + "\n";
  if (!image.operating_system.empty()) {
    text += fmt::format("  operating_system:\n    name: {}\n    version: {}\n",
                        quoted(image.operating_system), quoted(image.operating_system_version));
  }
  text += fmt::format("  python_version: {}\n  platform: {}\n", quoted(image.python_version),
                      nullable(image.platform));
  text += fmt::format("  cuda_version: {}\n  cudnn_version: {}\n  mkl_version: {}\n",
                      nullable(image.cuda_version), nullable(image.cudnn_version),
                      nullable(image.mkl_version));
  text += fmt::format("  openblas_version: {}\n  openmpi_version: {}\n",
                      nullable(image.openblas_version), nullable(image.openmpi_version));
  if (const std::string base = base_image_of(options); !base.empty())
    text += "  base_image: " + quoted(base) + "\n";
  if (options.recommendation_type)
    text += "  recommendation_type: " + *options.recommendation_type + "\n";
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string key_of(const std::string& line, std::size_t indent) {
  const std::string body = line.size() > indent ? line.substr(indent) : "";
  if (body.empty() || body[0] == ' ' || body[0] == '#') return "";
  return body.substr(0, body.find(':'));
}

// The lines of an entry whose keys the new text does not have: hardware, labels, what others know.
std::string kept_of(const std::vector<std::string>& lines, const RuntimeEnvironment& entry,
                    const std::string& fresh) {
  const std::string& first = lines[static_cast<std::size_t>(entry.line - 1)];
  const std::size_t dash = first.find('-');
  const std::size_t indent = first.find_first_not_of(' ', dash + 1);
  if (indent == std::string::npos || first[indent] == '{') return "";
  std::string kept;
  bool keeping = false;
  for (int at = entry.line; at < entry.end; ++at) {
    std::string line = lines[static_cast<std::size_t>(at - 1)];
    if (at == entry.line) line[dash] = ' ';
    if (const std::string key = key_of(line, indent); !key.empty())
      keeping = fresh.find(" " + key + ":") == std::string::npos;
    if (keeping && line.size() >= indent) kept += "  " + line.substr(indent) + "\n";
  }
  return kept;
}

std::string indented(const std::string& text, std::size_t columns) {
  std::string result;
  for (const std::string& line : lines_of(text)) result += std::string(columns, ' ') + line + "\n";
  return result;
}

std::string header_text(const ConfigOptions& options) {
  std::string text = "# What `seshat config` saw; `seshat advise` reads it.\n";
  if (options.requirements_format)
    text += "requirements_format: " + *options.requirements_format + "\n";
  if (options.overlays_dir) text += "overlays_dir: " + quoted(*options.overlays_dir) + "\n";
  return text;
}

pep::Result<std::string> changed(const ConfigOptions& options, const ConfigurationFile& file,
                                 const std::string& name, const Situation& image) {
  const std::string fresh = entry_text(options, name, image);
  if (!file.editable) {
    return pep::error(pep::Fault::kConfig,
                      file.path +
                          " has its runtime_environments in brackets; write them as a list "
                          "with dashes, so that one of them can be replaced");
  }
  const std::vector<std::string> lines = lines_of(file.text);
  std::string text;
  const auto copy = [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end && at < lines.size(); ++at) text += lines[at] + "\n";
  };
  if (file.environments.empty()) {
    copy(0, lines.size());
    if (file.text.find("runtime_environments:") != std::string::npos) {
      return pep::error(pep::Fault::kConfig,
                        file.path + " has an empty runtime_environments; leave that line out");
    }
    return text + "runtime_environments:\n" + fresh;
  }
  const std::string& first = lines[static_cast<std::size_t>(file.environments_line - 1)];
  const std::size_t columns = first.find('-');
  for (const RuntimeEnvironment& entry : file.environments) {
    if (entry.name != name) continue;
    copy(0, static_cast<std::size_t>(entry.line - 1));
    text += indented(fresh + kept_of(lines, entry, fresh), columns);
    copy(static_cast<std::size_t>(entry.end - 1), lines.size());
    return text;
  }
  const auto last = static_cast<std::size_t>(file.environments.back().end - 1);
  copy(0, last);
  text += indented(fresh, columns);
  copy(last, lines.size());
  return text;
}

int check(const ConfigOptions& options, TargetOptions& target) {
  auto read = read_configuration(target);
  if (!read) return report_failure(read.error(), options.output);
  auto found = check_environment(target);
  if (!found) return report_failure(found.error(), options.output);
  for (const auto* warnings : {&read->warnings, &found->warnings}) {
    for (const std::string& warning : *warnings) {
      if (options.output.verbosity >= 0)
        std::fprintf(stderr, "warning: %s\n", printable(warning).c_str());
    }
  }
  if (auto same = refuse_mismatch(target, *found); !same)
    return report_failure(same.error(), options.output);
  if (options.output.verbosity >= 0)
    std::puts(target.declared == nullptr ? "no environment is declared"
                                         : "the image is what the configuration declares");
  return kDone;
}

}  // namespace

pep::Result<std::string> write_configuration(const ConfigOptions& options) {
  const std::string path = options.target.config.value_or(kConfigurationName);
  TargetOptions target = options.target;
  auto image = situation_of_image(target);
  if (!image) return std::move(image).error();
  std::error_code unknown;
  std::string name = target.runtime_environment;
  pep::Result<std::string> text = std::string();
  if (std::filesystem::exists(path, unknown)) {
    auto file = prescriptions::read_configuration_file(path);
    if (!file) return std::move(file).error();
    if (name.empty() && file->environments.size() == 1) name = file->environments[0].name;
    if (name.empty()) name = default_name(*image);
    text = changed(options, *file, name, *image);
  } else {
    if (name.empty()) name = default_name(*image);
    text = header_text(options) + "runtime_environments:\n" + entry_text(options, name, *image);
  }
  if (!text) return std::move(text).error();
  // What was written has to be what is read.
  if (auto again = prescriptions::read_configuration_text(*text, path); !again)
    return std::move(again).error().in("writing " + path);
  if (options.dry_run) return text;
  if (auto written = resolver::lock::write_file(path, *text); !written)
    return std::move(written).error();
  return fmt::format("{}: runtime environment {}\n", path, name);
}

int run_config(const ConfigOptions& options) {
  TargetOptions target = options.target;
  if (options.check) return check(options, target);
  auto said = write_configuration(options);
  if (!said) return report_failure(said.error(), options.output, kEnvironmentMismatch);
  if (options.output.verbosity >= 0 || options.dry_run) std::fputs(said->c_str(), stdout);
  return kDone;
}

}  // namespace plugin

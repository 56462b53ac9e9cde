#include "plugin/labels.h"

#include <cstdio>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"

namespace plugin {

int run_labels(const LabelsOptions& options) {
  const std::string place = options.directory.empty() ? report_directory("") : options.directory;
  const std::string root = options.root.value_or("");
  const std::string directory = root.empty() || root == "/" ? place : root + "/" + place;
  auto labels = labels_of(directory, place, options.base_image.value_or(""));
  if (!labels) return report_failure(labels.error(), options.output);
  std::fputs(labels_text(*labels, options.format).c_str(), stdout);
  if (std::fflush(stdout) == 0) return kDone;
  return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                        options.output);
}

}  // namespace plugin

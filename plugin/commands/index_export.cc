#include "resolver/index/index_export.h"

#include <fmt/format.h>

#include <cstdio>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/exit_code.h"
#include "plugin/index_settings.h"
#include "plugin/report/json.h"
#include "plugin/report/terminal_text.h"

namespace plugin {

namespace {

namespace index = resolver::index;

std::string as_json(const index::Exported& exported) {
  Json json;
  json.begin_object();
  json.key("schema");
  json.text("seshat.index/1");
  json.key("path");
  json.text(exported.path);
  json.key("indexes");
  json.begin_array();
  for (const std::string& url : exported.indexes) json.url(url);
  json.end_array();
  json.key("projects");
  json.number(exported.projects);
  json.key("metadata");
  json.number(exported.metadata);
  json.key("files");
  json.number(exported.files);
  json.end_object();
  return std::move(json).take() + "\n";
}

}  // namespace

int run_index_export(const IndexExportOptions& options) {
  const StorePlace place = store_place(options.cache_dir);
  index::ExportOptions wanted{.store_directory = place.directory,
                              .directory = options.directory,
                              .force = options.force,
                              .index_urls = options.extra_index_urls,
                              .best_match = options.index_strategy == "unsafe-best-match",
                              .wheelhouses = options.find_links};
  if (options.index_url) {
    wanted.index_urls.insert(wanted.index_urls.begin(), *options.index_url);
  } else if (!wanted.index_urls.empty()) {
    return report_failure(
        pep::error(pep::Fault::kUsage, "--extra-index-url needs an --index-url before it"),
        options.output);
  }
  const auto exported = index::export_index(wanted);
  if (!exported) return report_failure(exported.error(), options.output);
  if (exported->damaged && options.output.verbosity >= 0)
    std::fputs("warning: the store is damaged: what could be read was exported\n", stderr);
  if (options.json) {
    std::fputs(as_json(*exported).c_str(), stdout);
  } else if (options.output.verbosity >= 0) {
    std::fputs(fmt::format("{}: {} projects, {} metadata files, {} wheels and sdists\n",
                           printable(exported->path), exported->projects, exported->metadata,
                           exported->files)
                   .c_str(),
               stdout);
    // Over HTTP a page's links lead to where the metadata are, and the files are not there.
    if (exported->files == 0)
      std::fputs(
          "note: it holds no wheel and no sdist: one can resolve against it over HTTP, but to "
          "install from it export it with --find-links WHEELHOUSE (what seshat fetch makes)\n",
          stderr);
  }
  if (std::fflush(stdout) == 0) return kDone;
  return report_failure(pep::error(pep::Fault::kIo, "standard output cannot be written"),
                        options.output);
}

}  // namespace plugin

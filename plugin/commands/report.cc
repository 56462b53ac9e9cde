// `report history FILE`: draws how a search went.
#include <cstdio>
#include <fstream>
#include <iterator>

#include "plugin/commands/commands.h"
#include "plugin/commands/failure.h"
#include "plugin/report/history.h"
#include "resolver/lock/lock.h"

namespace plugin {

namespace {

pep::Result<std::string> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return pep::error(pep::Fault::kUsage, path +
                                              " cannot be read; `seshat advise --history "
                                              "FILE` writes a history");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return text;
}

std::string page_of(const std::string& svg) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
         "<title>Seshat: search history</title>\n</head>\n<body>\n<h1>Search history</h1>\n" +
         svg + "</body>\n</html>\n";
}

}  // namespace

int run_report(const ReportOptions& options) {
  auto text = read_whole(options.history);
  if (!text) return report_failure(text.error(), options.output);
  auto history = read_history(*text, options.history);
  if (!history) return report_failure(history.error(), options.output);
  std::string drawn = history_svg(*history);
  if (options.target.ends_with(".html")) drawn = page_of(drawn);
  if (options.target == "-") {
    std::fwrite(drawn.data(), 1, drawn.size(), stdout);
    return kDone;
  }
  if (!options.target.ends_with(".html") && !options.target.ends_with(".svg")) {
    return report_failure(
        pep::error(pep::Fault::kUsage, options.target + " is no name of a drawing: use "
                                                        "*.svg, *.html or -"),
        options.output);
  }
  if (auto written = resolver::lock::write_file(options.target, drawn); !written)
    return report_failure(written.error(), options.output);
  return kDone;
}

}  // namespace plugin

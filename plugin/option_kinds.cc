// The kinds of options and what several commands share.
#include "plugin/option_kinds.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>

namespace plugin {

namespace {

// A variable holds all values of its option: separated by line breaks, or by blanks as in pip where
// a value has none ("--with" and paths may).
std::vector<std::string> values_of_variable(const std::string& text) {
  const bool lines = text.find('\n') != std::string::npos;
  const bool blanks = !lines && text.find("://") != std::string::npos;
  std::vector<std::string> values;
  std::istringstream rest(text);
  if (lines || !blanks) {
    for (std::string line; std::getline(rest, line);) {
      if (line.find_first_not_of(" \t\r") != std::string::npos) values.push_back(line);
    }
    return values;
  }
  for (std::string word; rest >> word;) values.push_back(word);
  return values;
}

}  // namespace

std::string variable_of(const std::string& names) {
  const std::size_t begin = names.find("--");
  std::string long_name = names.substr(begin + 2, names.find(',', begin) - begin - 2);
  std::string variable = "SESHAT_";
  for (char c : long_name) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

template <class T>
CLI::Option* option(CLI::App& app, const std::string& names, T& value, const std::string& help) {
  return app.add_option(names, value, help)->envname(variable_of(names));
}

template CLI::Option* option(CLI::App&, const std::string&, std::string&, const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::optional<std::string>&,
                             const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::vector<std::string>&,
                             const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, double&, const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::uint64_t&, const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::optional<std::uint64_t>&,
                             const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::uint32_t&, const std::string&);
template CLI::Option* option(CLI::App&, const std::string&, std::optional<std::uint32_t>&,
                             const std::string&);

CLI::Option* flag(CLI::App& app, const std::string& names, bool& value, const std::string& help) {
  return app.add_flag(names, value, help)->envname(variable_of(names));
}

CLI::Option* repeatable(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                        const std::string& help) {
  const std::string variable = variable_of(names);
  const auto take = [&values, variable](const std::vector<std::string>& given) {
    const char* text = std::getenv(variable.c_str());
    const bool of_variable = text != nullptr && given.size() == 1 && given[0] == text;
    values = of_variable ? values_of_variable(given[0]) : given;
  };
  return app.add_option_function<std::vector<std::string>>(names, take, help)
      ->envname(variable)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_output(CLI::App& app, OutputOptions& output) {
  app.add_flag_function(
         "-q,--quiet",
         [&output](std::int64_t count) { output.verbosity = count > 0 ? -1 : output.verbosity; },
         "Say nothing but errors")
      ->envname("SESHAT_QUIET")
      ->group("Messages");
  app.add_flag_function(
         "-v,--verbose",
         [&output](std::int64_t count) {
           if (count > 0) output.verbosity = static_cast<int>(std::min<std::int64_t>(count, 2));
         },
         "Say more; -vv: say everything")
      ->envname("SESHAT_VERBOSE")
      ->group("Messages");
  option(app, "--color", output.color, "auto, always or never; NO_COLOR is honoured")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group("Messages");
  flag(app, "--no-progress", output.no_progress, "Show no progress")->group("Messages");
}

// Bytes, or with a unit: 500MB, 1GiB; both count by 1024.
CLI::Option* size_option(CLI::App& app, const std::string& name,
                         std::optional<std::uint64_t>& value, const std::string& help) {
  const auto negative = [](std::string& text) -> std::string {
    return text.find('-') == std::string::npos ? "" : "a size is not negative: " + text;
  };
  return option(app, name, value, help)
      ->transform(CLI::AsSizeValue(false))
      ->transform(CLI::Validator(negative, ""));  // asked before the other
}

CLI::Option* add_cache_dir(CLI::App& app, std::optional<std::string>& directory) {
  return option(app, "--cache-dir", directory,
                "Where the store is (default: $XDG_CACHE_HOME/seshat, else ~/.cache/seshat)");
}

void add_network(CLI::App& app, IndexOptions& index) {
  repeatable(app, "--trusted-host", index.trusted_hosts, "A host whose certificate is not checked")
      ->group("Index");
  option(app, "--cert", index.cert, "A file of certificates to trust instead of the target's")
      ->group("Index");
  option(app, "--client-cert", index.client_cert,
         "A file with the certificate that we show, and its key")
      ->group("Index");
  option(app, "--proxy", index.proxy,
         "http://[user:password@]host:port (default: https_proxy, http_proxy, no_proxy)")
      ->group("Index");
  option(app, "--timeout", index.timeout, "Seconds without progress (default: 30)")
      ->check(CLI::Range(0.1, 86400.0))
      ->group("Index");
  option(app, "--retries", index.retries, "How often what may pass is tried again (default: 3)")
      ->check(CLI::Range(0, 100))
      ->group("Index");
  flag(app, "--offline", index.offline, "Open no socket: answer from the store alone")
      ->group("Store");
  flag(app, "--no-cache", index.no_cache, "Keep nothing between runs")->group("Store");
  add_cache_dir(app, index.cache_dir)->group("Store");
}

void add_index(CLI::App& app, IndexOptions& index) {
  option(app, "-i,--index-url", index.index_url,
         "The package index (default: what pip in the target is configured for, else what it asks "
         "by itself)")
      ->group("Index");
  repeatable(app, "--extra-index-url", index.extra_index_urls,
             "Another index, asked for names that the ones before it do not have")
      ->group("Index");
  repeatable(app, "-f,--find-links", index.find_links, "A directory or page of distributions")
      ->group("Index");
  flag(app, "--no-index", index.no_index, "Ask no index, only --find-links")->group("Index");
  option(app, "--index-strategy", index.index_strategy,
         "first-index: the first index that has a name answers for it; unsafe-best-match: all of "
         "them, as pip does")
      ->check(CLI::IsMember({"first-index", "unsafe-best-match"}))
      ->group("Index");
  add_network(app, index);
  flag(app, "--refresh", index.refresh, "Ask the index again even where the store is fresh")
      ->group("Store");
  size_option(app, "--cache-limit", index.cache_limit,
              "How large the store may become, e.g. 500MiB (default: 1GiB)")
      ->group("Store");
}

CLI::Option* add_image_config(CLI::App& app, std::string& path) {
  return option(app, "--image-config", path,
                "The image's configuration for a directory, which has none: what 'buildah inspect' "
                "or 'docker inspect' print")
      ->type_name("FILE");
}

}  // namespace plugin

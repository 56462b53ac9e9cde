// The kinds of options and what several commands share.
#include "plugin/option_kinds.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "plugin/report/error.h"

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
CLI::Option* option(CLI::App& app, const char* names, T& value, const char* help) {
  return app.add_option(names, value, help)->envname(variable_of(names));
}

template CLI::Option* option(CLI::App&, const char*, std::string&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::optional<std::string>&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::vector<std::string>&, const char*);
template CLI::Option* option(CLI::App&, const char*, double&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::uint64_t&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::optional<std::uint64_t>&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::uint32_t&, const char*);
template CLI::Option* option(CLI::App&, const char*, std::optional<std::uint32_t>&, const char*);

CLI::Option* flag(CLI::App& app, const char* names, bool& value, const char* help) {
  return app.add_flag(names, value, help)->envname(variable_of(names));
}

CLI::Option* repeatable(CLI::App& app, const char* names, std::vector<std::string>& values,
                        const char* help) {
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

void one_of(CLI::Option* option, std::initializer_list<const char*> words) {
  option->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
}

void add_output(CLI::App& app, OutputOptions& output) {
  app.option_defaults()->group("Messages");
  app.add_flag_function(
         "-q,--quiet",
         [&output](std::int64_t count) { output.verbosity = count > 0 ? -1 : output.verbosity; },
         "Say nothing but errors")
      ->envname("SESHAT_QUIET");
  app.add_flag_function(
         "-v,--verbose",
         [&output](std::int64_t count) {
           if (count > 0) output.verbosity = static_cast<int>(std::min<std::int64_t>(count, 2));
         },
         "Say more; -vv: say everything")
      ->envname("SESHAT_VERBOSE");
  one_of(option(app, "--color", output.color, "auto, always or never; NO_COLOR is honoured"),
         {"auto", "always", "never"});
  flag(app, "--no-progress", output.no_progress, "Show no progress");
  app.option_defaults()->group("Options");
}

// Bytes, or with a unit: 500MB, 1GiB; both count by 1024.
CLI::Option* size_option(CLI::App& app, const char* name, std::optional<std::uint64_t>& value,
                         const char* help) {
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
  app.option_defaults()->group("Index");
  repeatable(app, "--trusted-host", index.trusted_hosts, "A host whose certificate is not checked");
  option(app, "--cert", index.cert, "A file of certificates to trust instead of the target's");
  option(app, "--client-cert", index.client_cert,
         "A file with the certificate that we show, and its key");
  option(app, "--proxy", index.proxy,
         "http://[user:password@]host:port (default: https_proxy, http_proxy, no_proxy)");
  option(app, "--timeout", index.timeout, "Seconds without progress (default: 30)")
      ->check(CLI::Range(0.1, 86400.0));
  option(app, "--retries", index.retries, "How often what may pass is tried again (default: 3)")
      ->check(CLI::Range(0, 100));
  app.option_defaults()->group("Store");
  flag(app, "--offline", index.offline, "Open no socket: answer from the store alone");
  flag(app, "--no-cache", index.no_cache, "Keep nothing between runs");
  add_cache_dir(app, index.cache_dir);
}

void add_index(CLI::App& app, IndexOptions& index) {
  app.option_defaults()->group("Index");
  option(app, "-i,--index-url", index.index_url,
         "The package index (default: what pip in the target is configured for, else what it asks "
         "by itself)");
  repeatable(app, "--extra-index-url", index.extra_index_urls,
             "Another index, asked for names that the ones before it do not have");
  repeatable(app, "-f,--find-links", index.find_links, "A directory or page of distributions");
  flag(app, "--no-index", index.no_index, "Ask no index, only --find-links");
  one_of(
      option(
          app, "--index-strategy", index.index_strategy,
          "first-index: the first index that has a name answers for it; unsafe-best-match: all of "
          "them, as pip does"),
      {"first-index", "unsafe-best-match"});
  add_network(app, index);
  app.option_defaults()->group("Store");
  flag(app, "--refresh", index.refresh, "Ask the index again even where the store is fresh");
  option(app, "--remote-cache", index.remote_cache,
         "A cache that many machines share: the URL of a server that takes GET and PUT, or a "
         "directory")
      ->type_name("URL");
  size_option(app, "--cache-limit", index.cache_limit,
              "How large the store may become, e.g. 500MiB (default: 1GiB)");
}

std::vector<Setting> settings_of(const CLI::App& app) {
  const std::vector<CLI::Option*>& order = app.parse_order();
  std::vector<Setting> settings;
  for (const CLI::Option* one : app.get_options()) {
    if (one->get_envname().empty() && !one->get_positional()) continue;
    const std::string name = one->get_single_name();
    const bool written = std::find(order.begin(), order.end(), one) != order.end();
    std::string value;
    for (const std::string& part : one->count() == 0 ? std::vector<std::string>() : one->results())
      value += (value.empty() ? "" : " ") + redact_url(part);
    if (one->count() == 0) value = one->get_default_str();
    if (one->get_expected_max() == 0 && one->count() == 0) value = "false";
    settings.push_back({name, value.empty() || value == "[]" ? "-" : value,
                        written             ? "command line"
                        : one->count() == 0 ? "default"
                                            : one->get_envname()});
  }
  return settings;
}

CLI::Option* add_image_config(CLI::App& app, std::string& path) {
  return option(app, "--image-config", path,
                "The image's configuration for a directory, which has none: what 'buildah inspect' "
                "or 'docker inspect' print")
      ->type_name("FILE");
}

}  // namespace plugin

#include "plugin/index_settings.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <sstream>

#include "plugin/report/error.h"

namespace plugin {

namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> found;
  for (std::string word; stream >> word;) found.push_back(word);
  return found;
}

bool truth(const std::string& text) {
  return text == "1" || text == "true" || text == "yes" || text == "on";
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : " ") + redact_url(value);
  return text;
}

class Chooser {
 public:
  Chooser(const IndexOptions& options, const resolver::lock::FileOptions& manifest,
          const rpmenv::PipConfiguration& pip)
      : options_(options), manifest_(manifest), pip_(pip) {}

  pep::Result<IndexSettings> choose() {
    auto& client = made_.client;
    client.find_links = list("find-links", options_.find_links, manifest_.find_links,
                             "PIP_FIND_LINKS", pip_.find_links);
    client.trusted_hosts = list("trusted-host", options_.trusted_hosts, manifest_.trusted_hosts,
                                "PIP_TRUSTED_HOST", pip_.trusted_hosts);
    client.ca_bundle = certificates();
    client.client_certificate =
        one("client-cert", options_.client_cert, {"PIP_CLIENT_CERT"}, pip_.client_cert);
    client.proxy = one("proxy", options_.proxy, {"PIP_PROXY"}, pip_.proxy);
    choose_patience();
    client.best_match = options_.index_strategy == "unsafe-best-match";
    client.offline = options_.offline;
    client.remote_cache = options_.remote_cache;
    client.refresh = options_.refresh;
    choose_store();
    const bool no_index = options_.no_index || manifest_.no_index || pip_.no_index ||
                          truth(variable("PIP_NO_INDEX").value_or(""));
    if (no_index) {
      made_.nowhere = client.find_links.empty();
      return std::move(made_);
    }
    auto index = index_url();
    if (!index) {
      return pep::error(pep::Fault::kConfig,
                        "no package index is known: the target has no pip configuration and no "
                        "pip; give --index-url");
    }
    if (auto usable = check_url(*index); !usable) return std::move(usable).error();
    client.index_urls.push_back(*index);
    for (std::string& extra :
         list("extra-index-url", options_.extra_index_urls, manifest_.extra_index_urls,
              "PIP_EXTRA_INDEX_URL", pip_.extra_index_urls)) {
      if (auto usable = check_url(extra); !usable) return std::move(usable).error();
      client.index_urls.push_back(std::move(extra));
    }
    hold_to_one_index();
    return std::move(made_);
  }

 private:
  // A manifest may say which of its indexes a package comes from. Where the command line gives
  // others, there is nothing to hold it to.
  void hold_to_one_index() {
    auto& client = made_.client;
    for (const auto& [name, url] : manifest_.only_index) {
      const auto found = std::find(client.index_urls.begin(), client.index_urls.end(), url);
      if (found != client.index_urls.end())
        client.only_index[name] = static_cast<std::size_t>(found - client.index_urls.begin());
    }
  }

  // What can never answer is a mistake in the configuration, not a bad day of the network.
  static pep::Status check_url(const std::string& url) {
    std::error_code unknown;
    for (const char* scheme : {"http://", "https://", "file://"}) {
      if (url.starts_with(scheme) && url.size() > std::string_view(scheme).size())
        return pep::Done{};
    }
    if (std::filesystem::is_directory(url, unknown)) return pep::Done{};
    return pep::error(
        pep::Fault::kConfig,
        redact_url(url) +
            " is no package index: give a URL with http, https or file, or a directory");
  }

  void note(const std::string& name, const std::string& value, const std::string& origin) {
    made_.settings.push_back({name, value, origin});
  }

  std::optional<std::string> index_url() {
    struct Source {
      std::optional<std::string> value;
      const char* origin;
    };
    for (const Source& source :
         {Source{options_.index_url, "command line or SESHAT_INDEX_URL"},
          Source{manifest_.index_url, "the manifest"},
          Source{variable("PIP_INDEX_URL"), "PIP_INDEX_URL"},
          Source{pip_.index_url, "pip.conf of the target"},
          Source{pip_.default_index_url, "the pip installed in the target"}}) {
      if (!source.value || source.value->empty()) continue;
      note("index-url", redact_url(*source.value), source.origin);
      if (source.value == pip_.default_index_url) made_.own_index = *source.value;
      return source.value;
    }
    return std::nullopt;
  }

  std::vector<std::string> list(const std::string& name, const std::vector<std::string>& given,
                                const std::vector<std::string>& in_manifest,
                                const char* pip_variable,
                                const std::vector<std::string>& configured) {
    std::vector<std::string> values = given;
    std::string origin = "command line";
    values.insert(values.end(), in_manifest.begin(), in_manifest.end());
    if (given.empty() && !in_manifest.empty()) origin = "the manifest";
    if (values.empty()) {
      if (auto value = variable(pip_variable)) {
        values = words(*value);
        origin = pip_variable;
      } else {
        values = configured;
        origin = "pip.conf of the target";
      }
    }
    if (!values.empty()) note(name, joined(values), origin);
    return values;
  }

  // The command line, a variable, the target's pip.conf; empty if none of them says it.
  std::string one(const std::string& name, const std::optional<std::string>& given,
                  std::initializer_list<const char*> variables,
                  const std::optional<std::string>& configured) {
    const auto found = [&](const std::string& value, const std::string& origin) {
      note(name, redact_url(value), origin);
      return value;
    };
    if (given) return found(*given, "command line");
    for (const char* each : variables) {
      if (auto value = variable(each)) return found(*value, each);
    }
    return configured ? found(*configured, "pip.conf of the target") : std::string();
  }

  std::string certificates() {
    return one("cert", options_.cert, {"PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"},
               pip_.cert);
  }

  void choose_patience() {
    auto& client = made_.client;
    const std::string timeout =
        variable("PIP_TIMEOUT").value_or(variable("PIP_DEFAULT_TIMEOUT").value_or(""));
    if (options_.timeout) {
      client.timeout = *options_.timeout;
    } else if (!timeout.empty()) {
      client.timeout = std::max(1.0, std::strtod(timeout.c_str(), nullptr));
    } else if (pip_.timeout) {
      client.timeout = *pip_.timeout;
    }
    if (options_.retries) {
      client.retries = *options_.retries;
    } else if (auto retries = variable("PIP_RETRIES")) {
      client.retries =
          static_cast<int>(std::clamp(std::strtol(retries->c_str(), nullptr, 10), 0L, 100L));
    }
  }

  void choose_store() {
    if (options_.no_cache) {
      note("cache-dir", "none", "--no-cache");
      return;
    }
    if (options_.cache_limit) made_.client.cache_limit = *options_.cache_limit;
    StorePlace place = store_place(options_.cache_dir);
    note("cache-dir", place.directory.empty() ? "none" : place.directory, place.origin);
    if (place.directory.empty()) {
      made_.warning =
          "there is no writable place for the store; set SESHAT_CACHE_DIR to keep it between runs";
    }
    made_.client.cache_dir = std::move(place.directory);
  }

  const IndexOptions& options_;
  const resolver::lock::FileOptions& manifest_;
  const rpmenv::PipConfiguration& pip_;
  IndexSettings made_;
};

}  // namespace

StorePlace store_place(const std::optional<std::string>& given) {
  if (given && !given->empty()) return {*given, "command line or SESHAT_CACHE_DIR"};
  // A relative path in it means nothing, says the XDG base directory specification.
  if (auto base = variable("XDG_CACHE_HOME"); base && base->front() == '/')
    return {*base + "/seshat", "XDG_CACHE_HOME"};
  if (auto home = variable("HOME"); home && access(home->c_str(), W_OK) == 0)
    return {*home + "/.cache/seshat", "HOME"};
  return {"", "HOME is not writable"};
}

pep::Result<IndexSettings> index_settings(const IndexOptions& options,
                                          const resolver::lock::FileOptions& manifest,
                                          const rpmenv::PipConfiguration& pip) {
  return Chooser(options, manifest, pip).choose();
}

}  // namespace plugin

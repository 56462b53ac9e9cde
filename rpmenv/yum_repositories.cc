// Reads *.repo files and the variables in them.
#include "rpmenv/yum_repositories.h"

#include <algorithm>
#include <functional>
#include <map>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxFile = 1u << 20;
constexpr std::size_t kMaxRepositories = 200;
constexpr const char* kDirectories[] = {"etc/yum.repos.d", "etc/distro.repos.d",
                                        "etc/zypp/repos.d"};
constexpr const char* kVariables[] = {"etc/yum/vars", "etc/dnf/vars"};  // the last one counts

using Values = std::map<std::string, std::string, std::less<>>;

// A distribution that counts its repositories by the major release.
bool counts_by_major(const OsRelease& os) {
  const auto is = [&](const char* id) { return os.id == id; };
  return is("rhel") || is("centos") || is("rocky") || is("almalinux") || is("ol") ||
         is("eurolinux");
}

std::string base_architecture(const std::string& architecture) {
  if (architecture == "i586" || architecture == "i686") return "i386";
  return architecture;
}

Values variables_of(const Root& root, const Facts& facts) {
  Values values;
  const std::string& release = facts.os.version_id;
  values["releasever"] = counts_by_major(facts.os) ? release.substr(0, release.find('.')) : release;
  values["releasever_major"] = release.substr(0, release.find('.'));
  if (const auto dot = release.find('.'); dot != std::string::npos)
    values["releasever_minor"] = release.substr(dot + 1);
  values["arch"] = facts.architecture;
  values["basearch"] = base_architecture(facts.architecture);
  for (const char* directory : kVariables) {
    const auto entries = root.list(directory);
    for (const Entry& entry : entries ? *entries : std::vector<Entry>()) {
      const auto file = root.read(std::string(directory) + "/" + entry.name, kMaxFile);
      if (!file) continue;
      std::string_view rest = (*file)->view(), line;
      if (next_line(rest, line)) values[entry.name] = trimmed(line);
    }
  }
  return values;
}

// What is not known stays as it is written, as with dnf.
std::string replaced(std::string_view text, const Values& values) {
  std::string out;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    const bool braced = text.starts_with('{');
    const auto name = text.substr(
        braced ? 1 : 0,
        std::min(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
                                        "0123456789",
                                        braced ? 1 : 0),
                 text.size()) -
            (braced ? 1 : 0));
    const auto end = name.size() + (braced ? 2 : 0);
    const auto found = values.find(name);
    if (found == values.end() || end > text.size() || (braced && text[end - 1] != '}')) {
      out += '$';
      continue;
    }
    out += found->second;
    text.remove_prefix(end);
  }
  return out;
}

bool is_true(std::string_view word) {
  return word == "1" || word == "yes" || word == "true" || word == "on" || word == "True" ||
         word == "Yes";
}

YumRepository repository(const std::string& id, const Values& section, const Values& variables) {
  YumRepository made{
      .id = replaced(id, variables), .base_urls = {}, .mirror_list = {}, .metalink = {}};
  const auto value = [&](std::string_view key) {
    const auto found = section.find(key);
    return found == section.end() ? std::string() : replaced(found->second, variables);
  };
  std::string urls = value("baseurl");
  std::ranges::replace(urls, ',', ' ');
  for (std::string_view rest = urls;;) {
    const auto url = next_word(rest);
    if (url.empty()) break;
    made.base_urls.emplace_back(url);
  }
  made.mirror_list = value("mirrorlist");
  made.metalink = value("metalink");
  // As with dnf, a mirrorlist may be a metalink.
  if (made.metalink.empty() && made.mirror_list.find("metalink") != std::string::npos)
    std::swap(made.metalink, made.mirror_list);
  const auto tls = section.find("sslverify");
  made.verifies_tls = tls == section.end() || is_true(tls->second);
  return made;
}

void read_sections(std::string_view text,
                   const std::function<void(const std::string&, Values&&)>& use) {
  std::string id;
  Values values;
  std::string* last = nullptr;  // for continuation lines
  std::string_view line;
  const auto finish = [&] {
    if (!id.empty()) use(id, std::move(values));
    values.clear();
    last = nullptr;
  };
  while (next_line(text, line)) {
    const auto content = trimmed(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if ((line[0] == ' ' || line[0] == '\t') && last != nullptr) {
      *last += " " + std::string(content);
      continue;
    }
    if (content[0] == '[') {
      finish();
      id = content.substr(1, content.find(']') - 1);
      continue;
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos) continue;
    last = &values[std::string(trimmed(content.substr(0, equals)))];
    *last = trimmed(content.substr(equals + 1));
  }
  finish();
}

}  // namespace

std::vector<YumRepository> yum_repositories(const Root& root, const Facts& facts) {
  std::vector<YumRepository> found;
  Values variables;
  for (const char* directory : kDirectories) {
    const auto entries = root.list(directory);
    for (const Entry& entry : entries ? *entries : std::vector<Entry>()) {
      if (!entry.name.ends_with(".repo")) continue;
      const auto file = root.read(std::string(directory) + "/" + entry.name, kMaxFile);
      if (!file) continue;
      if (variables.empty()) variables = variables_of(root, facts);
      read_sections((*file)->view(), [&](const std::string& id, Values&& section) {
        std::erase_if(found, [&](const YumRepository& one) { return one.id == id; });
        const auto enabled = section.find("enabled");
        if (id == "main" || found.size() >= kMaxRepositories ||
            (enabled != section.end() && !is_true(enabled->second)))
          return;
        YumRepository made = repository(id, section, variables);
        if (!made.base_urls.empty() || !made.mirror_list.empty() || !made.metalink.empty())
          found.push_back(std::move(made));
      });
    }
  }
  return found;
}

}  // namespace rpmenv

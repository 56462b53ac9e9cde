// Compares the facts of two images, section by section, as names with sets of values.
#include "rpmenv/facts_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "rpmenv/inspect_json.h"

namespace rpmenv {
namespace {

using Values = std::set<std::string>;
using Named = std::map<std::string, Values>;

std::string release_of(const Package& package) {
  std::string text = package.epoch ? fmt::format("{}:", *package.epoch) : "";
  text += package.version;
  if (package.release) text += "-" + *package.release;
  return text;
}

Named packages_of(const Facts& facts) {
  Named named;
  for (const Package& one : facts.packages) {
    named[one.arch.empty() ? one.name : one.name + "." + one.arch].insert(release_of(one));
  }
  return named;
}

Named databases_of(const Facts& facts) {
  Named named;
  for (const Database& one : facts.databases) named[one.path].insert(one.kind + " " + one.format);
  return named;
}

Named pythons_of(const Facts& facts) {
  Named named;
  for (const Interpreter& one : facts.pythons) {
    named[one.path] = {one.implementation + " " + one.version + " " + one.abi};
    if (one.is_default) named["default"] = {one.path};
  }
  return named;
}

// By directory too: another interpreter's copy is another thing.
Named distributions_of(const Facts& facts) {
  Named named;
  for (const Distribution& one : facts.distributions) {
    named[fmt::format("{} ({})", one.name, one.location)].insert(one.version);
  }
  return named;
}

// A library is what programs ask for: its soname. Where it lies may change without any harm.
Named libraries_of(const Facts& facts) {
  Named named;
  for (const Library& one : facts.libraries) {
    if (!one.in_loader_path || one.soname.empty()) continue;
    Values& nodes = named[one.bits == 64 ? one.soname : one.soname + " (32-bit)"];
    nodes.insert(one.defines.begin(), one.defines.end());
  }
  return named;
}

Named accelerators_of(const Facts& facts) {
  Named named;
  const auto add = [&](const char* name, const std::optional<Accelerator>& one) {
    if (one) named[name] = {one->version};
  };
  add("cuda", facts.accelerators.cuda);
  add("cudnn", facts.accelerators.cudnn);
  add("mkl", facts.accelerators.mkl);
  add("openblas", facts.accelerators.openblas);
  add("openmpi", facts.accelerators.openmpi);
  return named;
}

Named system_of(const Facts& facts) {
  Named named;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) named[name] = {value};
  };
  add("os", facts.os.id);
  add("os version", facts.os.version_id);
  add("architecture", facts.architecture);
  if (facts.libc.family != LibcFamily::kNone) {
    add(facts.libc.family == LibcFamily::kGlibc ? "glibc" : "musl", facts.libc.version);
  }
  return named;
}

Named pip_of(const Facts& facts) {
  Named named;
  const auto urls = [&](const char* name, const std::vector<std::string>& all) {
    for (const std::string& url : all) named[name].insert(without_credentials(url));
  };
  if (facts.pip.index_url) named["index-url"] = {without_credentials(*facts.pip.index_url)};
  urls("extra-index-url", facts.pip.extra_index_urls);
  urls("find-links", facts.pip.find_links);
  urls("trusted-host", facts.pip.trusted_hosts);
  if (facts.pip.no_index) named["no-index"] = {"true"};
  if (facts.pip.cert) named["cert"] = {*facts.pip.cert};
  if (facts.pip.proxy) named["proxy"] = {without_credentials(*facts.pip.proxy)};
  return named;
}

std::vector<std::string> less(const Values& all, const Values& without) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, without, std::back_inserter(rest));
  return rest;
}

FactSection compare(std::string section, const Named& before, const Named& after) {
  FactSection found{.name = std::move(section), .changes = {}};
  static const Values kNothing;
  std::set<std::string> names;
  for (const auto& [name, values] : before) names.insert(name);
  for (const auto& [name, values] : after) names.insert(name);
  for (const std::string& name : names) {
    const auto old = before.find(name), now = after.find(name);
    const bool was = old != before.end(), is = now != after.end();
    const Values& had = was ? old->second : kNothing;
    const Values& has = is ? now->second : kNothing;
    if (was && is && had == has) continue;
    found.changes.push_back({name, less(had, has), less(has, had), was, is});
  }
  return found;
}

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    const std::string quoted = json_text(value);  // no control character reaches a terminal
    text += (text.empty() ? "" : ", ") + quoted.substr(1, quoted.size() - 2);
  }
  return text;
}

std::string line_of(const FactChange& change) {
  const std::string name = listed({change.name});
  if (!change.was) return fmt::format("+ {} {}", name, listed(change.after));
  if (!change.is) return fmt::format("- {} {}", name, listed(change.before));
  if (change.before.empty()) return fmt::format("~ {}: gained {}", name, listed(change.after));
  if (change.after.empty()) return fmt::format("~ {}: lost {}", name, listed(change.before));
  return fmt::format("~ {}: {} -> {}", name, listed(change.before), listed(change.after));
}

}  // namespace

FactsDiff diff_facts(const Facts& before, const Facts& after) {
  FactsDiff diff{.before = before.root, .after = after.root, .sections = {}};
  const auto add = [&](const char* name, Named (*of)(const Facts&)) {
    FactSection section = compare(name, of(before), of(after));
    if (!section.changes.empty()) diff.sections.push_back(std::move(section));
  };
  add("system", system_of);
  add("databases", databases_of);
  add("packages", packages_of);
  add("pythons", pythons_of);
  add("distributions", distributions_of);
  add("libraries", libraries_of);
  add("accelerators", accelerators_of);
  add("pip_configuration", pip_of);
  return diff;
}

std::string diff_json(const FactsDiff& diff) {
  std::string out = fmt::format(
      "{{\n  \"schema\": \"seshat.inspect-diff/1\",\n  \"before\": {},\n  \"after\": {},\n"
      "  \"same\": {},\n  \"changes\": {{",
      json_text(diff.before), json_text(diff.after), diff.same());
  for (const FactSection& section : diff.sections) {
    out += fmt::format("{}\n    {}: [", &section == &diff.sections.front() ? "" : ",",
                       json_text(section.name));
    for (const FactChange& change : section.changes) {
      out += fmt::format(
          "{}\n      {{\"name\": {}, \"change\": \"{}\", \"before\": {}, \"after\": {}}}",
          &change == &section.changes.front() ? "" : ",", json_text(change.name),
          !change.was  ? "added"
          : !change.is ? "removed"
                       : "changed",
          json_list(change.before), json_list(change.after));
    }
    out += "\n    ]";
  }
  return out + (diff.same() ? "}\n}\n" : "\n  }\n}\n");
}

std::string diff_summary(const FactsDiff& diff) {
  if (diff.same()) return "No difference.\n";
  std::string out;
  for (const FactSection& section : diff.sections) {
    out +=
        fmt::format("{}{} ({})\n", out.empty() ? "" : "\n", section.name, section.changes.size());
    for (const FactChange& change : section.changes) {
      std::string line = line_of(change);
      while (line.ends_with(' ')) line.pop_back();
      out += "  " + line + "\n";
    }
  }
  return out;
}

}  // namespace rpmenv

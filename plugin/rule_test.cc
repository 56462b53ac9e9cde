#include "plugin/rule_test.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "plugin/direct/process.h"
#include "plugin/report/json.h"
#include "plugin/run.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string escaped(std::string text) {
  return replaced(replaced(std::move(text), "&", "&amp;"), "\"", "&quot;");
}

class Ground {
 public:
  Ground(const RuleCase& declared, const direct::Scratch& scratch)
      : case_(declared), place_(scratch.path()) {}

  pep::Result<AdviseOptions> lay(const RuleTestOptions& options) {
    main_ = index("index", case_.index_path, case_.index);
    AdviseOptions asked;
    asked.index.index_url = main_;
    if (!case_.other.empty()) {
      other_ = index("other", case_.other_path, case_.other);
      asked.index.extra_index_urls = {other_};
      asked.index.index_strategy = "unsafe-best-match";
    }
    asked.index.no_cache = true;
    asked.dry_run = true;
    asked.output.verbosity = -1;
    asked.target.python_version = case_.python;
    asked.target.platform = "manylinux_2_28_x86_64";
    asked.search.seed = 1;
    asked.search.count = case_.count;
    if (!case_.type.empty()) asked.recommendation_type = case_.type;
    if (!case_.environment.empty())
      asked.target.environment = write("environment.yaml", case_.environment);
    if (!case_.library_usage.empty())
      asked.library_usage = write("usage.json", case_.library_usage);
    rules(options, asked);
    requirements(asked);
    if (failed_) {
      return pep::error(pep::Fault::kIo,
                        fmt::format("cannot write below {}: is there room?", place_));
    }
    return asked;
  }
  const std::string& main() const { return main_; }

 private:
  std::string write(const std::string& path, const std::string& text) {
    const fs::path whole = fs::path(place_) / path;
    std::error_code code;
    fs::create_directories(whole.parent_path(), code);
    std::ofstream file(whole, std::ios::binary);
    file << text;
    failed_ = failed_ || !file.flush();
    return whole;
  }

  // A static index (PEP 503) with metadata beside it (PEP 658). Its files are never opened.
  std::string index(const std::string& name, const std::string& path,
                    const std::vector<DeclaredRelease>& releases) {
    const std::string root = name + "/" + path + "/";
    std::map<std::string, std::string> pages;
    for (const DeclaredRelease& release : releases) {
      const auto parsed = pep::Name::parse(release.name);
      const std::string project = parsed ? parsed->str() : release.name;
      const std::string file =
          fmt::format("{}-{}-{}.whl", replaced(project, "-", "_"), release.version,
                      release.unfit ? "cp311-cp311-win_amd64" : "py3-none-any");
      std::string metadata =
          fmt::format("Metadata-Version: 2.2\nName: {}\nVersion: {}\n", project, release.version);
      for (const std::string& need : release.needs) {
        metadata += fmt::format("Requires-Dist: {}\n", need);
        if (const std::size_t extra = need.find("extra == '"); extra != std::string::npos) {
          const std::size_t end = need.find('\'', extra + 10);
          metadata +=
              fmt::format("Provides-Extra: {}\n", need.substr(extra + 10, end - extra - 10));
        }
      }
      write(root + project + "/" + file + ".metadata", metadata);
      pages[project] +=
          fmt::format("<a href=\"{0}#sha256={1:064}\" data-core-metadata=\"true\">{0}</a>\n",
                      escaped(file), pages[project].size());
    }
    for (const auto& [project, links] : pages)
      write(root + project + "/index.html", "<!DOCTYPE html><body>\n" + links + "</body>\n");
    std::error_code code;
    fs::create_directories(fs::path(place_) / root, code);
    std::string url = "file://" + place_ + "/" + root;
    while (url.ends_with('/')) url.pop_back();
    return url;
  }

  void rules(const RuleTestOptions& options, AdviseOptions& asked) {
    if (!case_.rules.empty()) {
      write("rules/_prescription_metadata.yaml", "prescription: {name: t, release: '1'}\n");
      write("rules/rules.yaml", replaced(replaced(case_.rules, "$INDEX", main_), "$OTHER", other_));
      asked.prescriptions = {place_ + "/rules"};
    } else {
      asked.prescriptions = options.prescriptions;
    }
    asked.no_default_prescriptions = !asked.prescriptions.empty();
  }

  void requirements(AdviseOptions& asked) {
    if (!case_.constraints.empty()) {
      asked.constraints = {
          write("constraints.txt", fmt::format("{}\n", fmt::join(case_.constraints, "\n")))};
    }
    if (case_.develop.empty()) {
      asked.with = case_.ask;
      return;
    }
    asked.develop = true;
    std::string pipfile;
    for (const auto& [section, list] :
         {std::pair("packages", case_.ask), std::pair("dev-packages", case_.develop)}) {
      pipfile += fmt::format("[{}]\n", section);
      for (const std::string& requirement : list) {
        const std::size_t end = requirement.find_first_of("=<>~!");
        pipfile += fmt::format("{} = \"{}\"\n", requirement.substr(0, end),
                               end == std::string::npos ? "*" : requirement.substr(end));
      }
    }
    asked.sources = {write("Pipfile", pipfile)};
  }

  const RuleCase& case_;
  const std::string place_;
  std::string main_, other_;
  bool failed_ = false;
};

// Holds an answer against what was declared.
class Judge {
 public:
  Judge(const RuleCase& declared, const Report& report, std::string main)
      : case_(declared), report_(report), main_(std::move(main)) {}

  std::vector<std::string> faults() && {
    if (!case_.refused.empty()) {
      refusal();
    } else if (report_.outcome != Outcome::kLocked) {
      add("nothing was locked: {}", report_.explanation);
      for (const ReportError& error : report_.errors) add("{}", error.message);
    } else if (report_.products.size() != case_.locked.size()) {
      add("{} stacks were found, not {}", report_.products.size(), case_.locked.size());
    }
    if (!found_.empty()) return std::move(found_);
    for (std::size_t i = 0; i < report_.products.size(); ++i) stack(i);
    said("stack_info", case_.stack_info, report_.stack_info);
    if (case_.units) units();
    if (!report_.products.empty()) first_stack(report_.products[0]);
    return std::move(found_);
  }

 private:
  template <class... Values>
  void add(const char* format, const Values&... values) {
    found_.push_back(fmt::format(fmt::runtime(format), values...));
  }

  void refusal() {
    if (report_.outcome == Outcome::kLocked) {
      add("it is not refused; locked: {}", fmt::join(locked(report_.products[0]), ", "));
      return;
    }
    if (report_.outcome == Outcome::kError) {
      for (const ReportError& error : report_.errors) add("{}", error.message);
    }
    for (const std::string& text : case_.refused) {
      if (report_.explanation.find(text) == std::string::npos)
        add("\"{}\" is not in the explanation: {}", text, report_.explanation);
    }
  }

  void differ(const std::string& what, const std::vector<std::string>& is,
              const std::vector<std::string>& wanted) {
    if (is != wanted) {
      add("{} is [{}], not [{}]", what, fmt::join(is, ", "), fmt::join(wanted, ", "));
    }
  }

  void stack(std::size_t number) {
    if (number >= case_.locked.size()) return;
    differ(case_.locked.size() == 1 ? "locked" : fmt::format("locked of stack {}", number + 1),
           locked(report_.products[number]), case_.locked[number]);
  }

  std::vector<std::string> locked(const Product& product) const {
    std::vector<std::string> found;
    for (const auto& package : product.lock.packages) {
      std::string index = package.index;
      while (index.ends_with('/')) index.pop_back();
      found.push_back(fmt::format("{}=={}{}", package.name.str(), package.version.str(),
                                  index == main_ ? "" : "@other"));
    }
    return found;
  }

  void said(const char* what, const std::optional<std::vector<std::string>>& wanted,
            const std::vector<ReportEntry>& entries) {
    if (!wanted) return;
    std::vector<std::string> found;
    for (const ReportEntry& entry : entries) {
      if (entry.unit) found.push_back(entry.message);
    }
    differ(what, found, *wanted);
  }

  void units() {
    std::vector<std::string> found;
    const auto look = [&](const std::vector<ReportEntry>& entries) {
      for (const ReportEntry& entry : entries) {
        if (entry.unit) found.push_back(entry.unit->substr(entry.unit->rfind('.') + 1));
      }
    };
    look(report_.stack_info);
    if (!report_.products.empty()) look(report_.products[0].justification);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::vector<std::string> wanted = *case_.units;
    std::sort(wanted.begin(), wanted.end());
    differ("units", found, wanted);
  }

  void first_stack(const Product& first) {
    said("justification", case_.justification, first.justification);
    if (case_.score && std::abs(first.score - *case_.score) > 1e-9)
      add("score is {}, not {}", first.score, *case_.score);
    const auto visited = static_cast<std::int64_t>(report_.statistics.versions_visited);
    if (case_.visited && visited != *case_.visited)
      add("{} versions were visited, not {}", visited, *case_.visited);
    std::vector<std::string> develop;
    for (const auto& package : first.lock.packages) {
      if (package.develop) develop.push_back(package.name.str());
      const auto wanted = case_.dependencies.find(package.name.str());
      if (wanted == case_.dependencies.end()) continue;
      std::vector<std::string> names;
      for (const pep::Name& name : package.dependencies) names.push_back(name.str());
      differ(fmt::format("requires of {}", package.name.str()), names, wanted->second);
    }
    if (case_.locked_develop) differ("locked_develop", develop, *case_.locked_develop);
  }

  const RuleCase& case_;
  const Report& report_;
  const std::string main_;
  std::vector<std::string> found_;
};

}  // namespace

pep::Result<RuleVerdict> run_rule_case(const RuleCase& declared, const RuleTestOptions& options) {
  RuleCase asked = declared;
  if (options.reorder) options.reorder(asked);
  auto scratch = direct::Scratch::make();
  if (!scratch) return std::move(scratch).error();
  Ground ground(asked, *scratch);
  auto run = ground.lay(options);
  if (!run) return std::move(run).error();
  const RunResult result = advise(*run, {});
  RuleVerdict verdict{.name = declared.name, .file = declared.file, .line = declared.line};
  if (result.failure) {
    verdict.faults = {replaced(result.failure->what, scratch->path(), "")};
  } else {
    verdict.faults = Judge(asked, result.report, ground.main()).faults();
  }
  return verdict;
}

std::string rule_verdicts_text(const std::vector<RuleVerdict>& verdicts) {
  std::string out;
  std::size_t passed = 0;
  for (const RuleVerdict& verdict : verdicts) {
    if (verdict.faults.empty()) ++passed;
    for (const std::string& fault : verdict.faults)
      out += fmt::format("{}:{}: {}: {}\n", verdict.file, verdict.line, verdict.name, fault);
  }
  return out + fmt::format("{} {}: {} passed, {} failed\n", verdicts.size(),
                           verdicts.size() == 1 ? "case" : "cases", passed,
                           verdicts.size() - passed);
}

std::string rule_verdicts_json(const std::vector<RuleVerdict>& verdicts) {
  Json json;
  std::uint64_t passed = 0;
  for (const RuleVerdict& verdict : verdicts) passed += verdict.faults.empty() ? 1 : 0;
  json.begin_object();
  json.key("schema");
  json.text("seshat.rule-test/1");
  json.key("cases");
  json.number(static_cast<std::uint64_t>(verdicts.size()));
  json.key("passed");
  json.number(passed);
  json.key("verdicts");
  json.begin_array();
  for (const RuleVerdict& verdict : verdicts) {
    json.begin_object();
    json.key("case");
    json.text(verdict.name);
    json.key("file");
    json.text(verdict.file);
    json.key("line");
    json.number(verdict.line);
    json.key("passed");
    json.boolean(verdict.faults.empty());
    json.key("faults");
    json.begin_array();
    for (const std::string& fault : verdict.faults) json.text(fault);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return std::move(json).take() + "\n";
}

}  // namespace plugin

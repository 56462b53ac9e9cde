// The grammar of requirements files; see requirements_file.h.
#include "resolver/lock/requirements_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "resolver/lock/logical_line.h"
#include "resolver/lock/requirement_text.h"
#include "resolver/lock/requirements_option.h"
#include "resolver/lock/url.h"
#include "resolver/lock/utf8.h"

namespace resolver::lock {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 1000;

class Reader {
 public:
  pep::Status read(const std::string& path, bool constraints);
  pep::Status read_text(std::string text, const std::string& name, const std::string& directory,
                        bool constraints);
  Requirements take() { return std::move(found_); }

 private:
  struct Context {
    const SourceText& source;
    const std::string& directory;  // relative files are looked for here
    bool constraints;
  };
  pep::Status line(const Context& context, const LogicalLine& line);
  pep::Status requirement(const Context& context, const LogicalLine& line, std::size_t begin,
                          std::size_t end, const std::vector<Given>& options, bool editable);
  pep::Status option(const Context& context, const LogicalLine& line, const Given& given);
  pep::Status nested(const Context& context, const LogicalLine& line, const Given& given);

  Requirements found_;
  std::vector<std::string>
      under_way_;  // files that are being read, outermost first, by their real path
  std::set<std::pair<std::string, bool>> done_;
};

std::string real_path(const std::string& path) {
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  return failed ? path : real.string();
}

pep::Status Reader::read(const std::string& path, bool constraints) {
  auto bytes = read_file(path);
  if (!bytes) return std::move(bytes).error();
  const std::string real = real_path(path);
  under_way_.push_back(real);
  done_.emplace(real, constraints);
  auto status =
      read_text(std::move(*bytes), path, fs::path(path).parent_path().string(), constraints);
  under_way_.pop_back();
  return status;
}

// What pip honours (PEP 263): "# -*- coding: NAME -*-" in one of the first two lines. Empty if
// there is none, or a byte order mark.
std::string declared_encoding(std::string_view text) {
  for (int number = 0; number < 2; ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t word = line.find("coding");
    if (line.starts_with('#') && word != std::string_view::npos && word + 6 < line.size() &&
        (line[word + 6] == ':' || line[word + 6] == '=')) {
      std::size_t at = word + 7;
      while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
      std::string name;
      for (; at < line.size(); ++at) {
        const auto c = static_cast<unsigned char>(line[at]);
        if (std::isalnum(c) == 0 && c != '-' && c != '_' && c != '.') break;
        name.push_back(c == '_' ? '-' : static_cast<char>(std::tolower(c)));
      }
      return name;
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

// Latin-1 is the one encoding beside UTF-8 whose bytes are code points.
std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

pep::Status Reader::read_text(std::string text, const std::string& name,
                              const std::string& directory, bool constraints) {
  found_.files_read.push_back({name, text});
  const std::string encoding = declared_encoding(text);
  if (encoding == "latin-1" || encoding == "latin1" || encoding == "iso-8859-1" ||
      encoding == "iso8859-1") {
    text = from_latin1(text);
  }
  const auto source = SourceText::decode(std::move(text), name);
  if (!source) return source.error();
  const Context context{*source, directory, constraints};
  for (const LogicalLine& each : logical_lines(*source)) {
    if (auto status = line(context, each); !status) return status;
  }
  return pep::Done{};
}

// Where the options of a requirement begin: at the first word that starts with "-". The size of the
// line if none does.
std::size_t options_start(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-' && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t')) return at;
  }
  return text.size();
}

pep::Status Reader::line(const Context& context, const LogicalLine& line) {
  const std::size_t start = options_start(line.text());
  auto options = given_options(context.source, line, start);
  if (!options) return std::move(options).error();
  if (start > 0) return requirement(context, line, 0, start, *options, false);
  for (const Given& given : *options) {
    if (auto status = option(context, line, given); !status) return status;
  }
  return pep::Done{};
}

pep::Result<std::string> checked_hash(std::string_view text) {
  const std::size_t colon = text.find(':');
  std::string hash(text);
  std::ranges::transform(hash, hash.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string algorithm = hash.substr(0, colon);
  const std::size_t digits = algorithm == "sha256"   ? 64
                             : algorithm == "sha384" ? 96
                             : algorithm == "sha512" ? 128
                                                     : 0;
  if (colon == std::string_view::npos || digits == 0) {
    return pep::error(pep::Fault::kMalformed,
                      "a hash is sha256:, sha384: or sha512: and its hexadecimal digits");
  }
  const std::string_view hex = std::string_view(hash).substr(colon + 1);
  if (hex.size() != digits || hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return pep::error(pep::Fault::kMalformed,
                      fmt::format("a {} hash has {} hexadecimal digits", algorithm, digits));
  }
  return hash;
}

pep::Status Reader::requirement(const Context& context, const LogicalLine& line, std::size_t begin,
                                std::size_t end, const std::vector<Given>& options, bool editable) {
  while (end > begin && (line.text()[end - 1] == ' ' || line.text()[end - 1] == '\t')) --end;
  auto parsed = parse_requirement_text(std::string_view(line.text()).substr(begin, end - begin));
  if (!parsed) {
    const pep::Error& error = parsed.error();
    const int column = error.place && error.place->column > 0 ? error.place->column : 1;
    return line.error(context.source, begin + static_cast<std::size_t>(column) - 1, error.what);
  }
  RootRequirement root = std::move(*parsed);
  root.place = line.place(context.source, begin);
  root.excerpt = std::string(context.source.line(static_cast<std::size_t>(root.place.line)));
  root.editable = editable;
  root.constraint = context.constraints;
  for (const Given& given : options) {
    if (given.option->flag == Flag::kWithoutEffect) continue;
    if (given.option->flag != Flag::kHash) {
      return line.error(context.source, given.offset,
                        fmt::format("{} can't follow a requirement; give it a line of its own",
                                    given.option->name));
    }
    auto hash = checked_hash(given.value);
    if (!hash) return line.error(context.source, given.offset, hash.error().what);
    root.hashes.push_back(std::move(*hash));
  }
  if (context.constraints && (root.requirement.name.empty() || root.editable)) {
    return line.error(context.source, begin,
                      "a constraint needs a name; pip allows no path, URL or -e alone here");
  }
  if (context.constraints && !root.requirement.extras.empty()) {
    return line.error(context.source, begin,
                      "a constraint can't have extras; put them into the requirement");
  }
  (context.constraints ? found_.constraints : found_.requirements).push_back(std::move(root));
  return pep::Done{};
}

// ":none:" empties the list, as it does for pip; names are separated by commas.
pep::Status add_formats(std::vector<std::string>& names, std::string_view value) {
  while (true) {
    const std::size_t comma = value.find(',');
    const std::string_view part = value.substr(0, comma);
    if (part == ":none:") {
      names.clear();
    } else if (part == ":all:") {
      names.assign(1, ":all:");
    } else if (auto name = pep::Name::parse(part)) {
      if (std::ranges::find(names, name->str()) == names.end()) names.push_back(name->str());
    } else {
      return pep::error(pep::Fault::kMalformed,
                        fmt::format("\"{}\" is no project name, :all: or :none:", part));
    }
    if (comma == std::string_view::npos) return pep::Done{};
    value.remove_prefix(comma + 1);
  }
}

std::string beside(const std::string& directory, const std::string& file) {
  return !is_relative(file) || directory.empty() ? file : (fs::path(directory) / file).string();
}

pep::Status Reader::option(const Context& context, const LogicalLine& line, const Given& given) {
  FileOptions& options = found_.options;
  pep::Status status = pep::Done{};
  switch (given.option->flag) {
    case Flag::kRequirement:
    case Flag::kConstraint:
      return nested(context, line, given);
    case Flag::kEditable:
      return requirement(context, line, given.offset, given.offset + given.value.size(), {}, true);
    case Flag::kIndexUrl:
      options.index_url = given.value;
      break;
    case Flag::kExtraIndexUrl:
      options.extra_index_urls.push_back(given.value);
      break;
    case Flag::kFindLinks: {
      const std::string near = beside(context.directory, given.value);
      std::error_code failed;
      options.find_links.push_back(fs::exists(near, failed) ? near : given.value);
      break;
    }
    case Flag::kNoIndex:
      options.no_index = true;
      break;
    case Flag::kPre:
      options.pre = true;
      break;
    case Flag::kOnlyBinary:
      status = add_formats(options.only_binary, given.value);
      break;
    case Flag::kNoBinary:
      status = add_formats(options.no_binary, given.value);
      break;
    case Flag::kPreferBinary:
      options.prefer_binary = true;
      break;
    case Flag::kRequireHashes:
      options.require_hashes = true;
      break;
    case Flag::kTrustedHost:
      options.trusted_hosts.push_back(given.value);
      break;
    case Flag::kWithoutEffect:
      break;
    case Flag::kHash:
      return line.error(context.source, given.offset, "--hash has no requirement before it");
  }
  if (!status) return line.error(context.source, given.offset, status.error().what);
  return pep::Done{};
}

pep::Status Reader::nested(const Context& context, const LogicalLine& line, const Given& given) {
  const bool constraints = context.constraints || given.option->flag == Flag::kConstraint;
  std::string file = given.value;
  if (file.starts_with("file://")) {
    file = percent_decoded(file.substr(7));
  } else if (is_url(file)) {
    return line.error(context.source, given.offset,
                      "files of requirements are read from disk only; download this one first");
  }
  file = beside(context.directory, file);
  const std::string real = real_path(file);
  if (std::ranges::find(under_way_, real) != under_way_.end()) {
    pep::Error failure =
        line.error(context.source, given.offset, fmt::format("{} includes itself", file));
    failure.fault = pep::Fault::kConflict;
    return failure;
  }
  if (done_.contains({real, constraints})) return pep::Done{};
  if (found_.files_read.size() >= kMostFiles) {
    return line.error(context.source, given.offset,
                      fmt::format("more than {} files are included", kMostFiles));
  }
  auto status = read(file, constraints);
  if (status || status.error().place) return status;
  pep::Error failure = line.error(context.source, given.offset, status.error().what);
  failure.fault = status.error().fault;
  return failure;
}

pep::Result<Requirements> read_whole(const std::string& path, bool constraints) {
  Reader reader;
  if (auto status = reader.read(path, constraints); !status) return std::move(status).error();
  return reader.take();
}

}  // namespace

pep::Result<Requirements> read_requirements(const std::string& path) {
  return read_whole(path, false);
}

pep::Result<Requirements> read_constraints(const std::string& path) {
  return read_whole(path, true);
}

pep::Result<Requirements> read_requirements_text(std::string_view text, const std::string& name) {
  Reader reader;
  auto status = reader.read_text(std::string(text), name, {}, false);
  if (!status) return std::move(status).error();
  return reader.take();
}

}  // namespace resolver::lock

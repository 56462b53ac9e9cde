#include "plugin/rule_sources.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "prescriptions/compiled.h"
#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/source_archive.h"
#include "resolver/index/url.h"

namespace plugin {

namespace {

namespace fs = std::filesystem;
namespace index = resolver::index;
using prescriptions::CompiledRules;
using prescriptions::Reading;

constexpr std::int64_t kMostUnpacked = std::int64_t{1} << 30;

bool is_remote(const std::string& source) {
  return source.starts_with("https://") || source.starts_with("http://");
}

// What `from` stands for in the names of files.
void rename(Reading& reading, const std::string& from, const std::string& to) {
  const auto change = [&](std::string& text) {
    if (text.starts_with(from)) text.replace(0, from.size(), to);
  };
  for (std::string& file : reading.book.files) change(file);
  for (auto* faults : {&reading.errors, &reading.warnings})
    for (prescriptions::Fault& fault : *faults) change(fault.file);
}

pep::Status add_units(const CompiledRules& rules, const std::string& path, Reading& reading) {
  const auto first = static_cast<std::uint32_t>(reading.book.files.size());
  for (std::uint32_t i = 0; i < rules.file_count(); ++i)
    reading.book.files.emplace_back(rules.file(i));
  if (rules.file_count() == 0) reading.book.files.push_back(path);
  std::vector<std::shared_ptr<const prescriptions::ShouldInclude>> conditions;
  for (std::uint32_t i = 0; i < rules.condition_count(); ++i) {
    auto condition = rules.condition(i);
    if (!condition) return std::move(condition).error();
    conditions.push_back(
        std::make_shared<const prescriptions::ShouldInclude>(*std::move(condition)));
  }
  for (std::uint32_t i = 0; i < rules.unit_count(); ++i) {
    auto unit = rules.unit(i);
    if (!unit) return std::move(unit).error();
    const std::uint32_t condition = rules.row(i).condition;
    if (condition < conditions.size()) unit->should_include = conditions[condition];
    unit->origin.file += first;
    reading.book.units.push_back(*std::move(unit));
  }
  reading.documents += rules.file_count();
  if (auto damage = rules.damage()) return *std::move(damage);
  return pep::Done{};
}

}  // namespace

pep::Result<std::string> RuleSources::scratch() {
  auto made = direct::Scratch::make();
  if (!made) return std::move(made).error();
  scratches_.push_back(*std::move(made));
  return scratches_.back().path();
}

pep::Result<std::string> RuleSources::fetch(const std::string& source, const std::string& directory,
                                            index::ClientOptions client) {
  const std::size_t mark = source.find('#');
  const std::string url = source.substr(0, mark);
  const std::string pin = mark == std::string::npos ? std::string() : source.substr(mark + 1);
  const auto digest =
      pin.starts_with("sha256=") ? index::sha256_from_hex(pin.substr(7)) : std::nullopt;
  if (!digest) {
    return pep::error(pep::Fault::kUsage,
                      fmt::format("prescriptions of a server need a pinned digest: {}#sha256=… "
                                  "(of the file, 64 hexadecimal digits)",
                                  index::redacted(url)));
  }
  std::string place = directory.empty() ? std::string() : directory + "/rules";
  if (place.empty()) {
    auto made = scratch();
    if (!made) return made;
    place = *std::move(made);
  }
  const std::string path = fmt::format("{}/{}.fetched.seshat-rules", place, index::hex(*digest));
  if (const auto kept = index::MappedFile::open(path); kept) {
    if (index::sha256_of(kept->bytes()) == *digest) return path;
  }
  if (client.offline) {
    return pep::error(pep::Fault::kUnreachable,
                      fmt::format("{} is not in the store, and --offline forbids to ask for it",
                                  index::redacted(url)));
  }
  std::error_code code;
  fs::create_directories(place, code);
  client.cache_dir.clear();
  auto opened = index::Client::open(std::move(client));
  if (!opened) return std::move(opened).error();
  if (auto done = (*opened)->download(url, *digest, path); !done) return std::move(done).error();
  return path;
}

pep::Result<RuleSources> RuleSources::of(const std::vector<std::string>& sources,
                                         const std::string& directory,
                                         index::ClientOptions client) {
  RuleSources made;
  for (const std::string& source : sources) {
    std::string path = source;
    if (is_remote(source)) {
      auto fetched = made.fetch(source, directory, client);
      if (!fetched) return std::move(fetched).error();
      path = *std::move(fetched);
    }
    std::error_code code;
    if (fs::is_regular_file(path, code)) {
      const auto file = index::MappedFile::open(path);
      if (file && CompiledRules::is_compiled(file->bytes())) {
        made.compiled_.push_back(path);
        continue;
      }
    }
    made.written_.push_back(path);
    made.shown_.push_back(is_remote(source) ? index::redacted(source.substr(0, source.find('#')))
                                            : source);
  }
  return made;
}

pep::Result<Reading> RuleSources::read() {
  std::vector<std::string> paths = written_;
  names_.clear();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::error_code code;
    if (!fs::is_regular_file(paths[i], code)) continue;
    const auto file = index::MappedFile::open(paths[i]);
    if (!file || !index::is_archive(file->bytes())) {
      if (paths[i] != shown_[i]) names_.emplace_back(paths[i], shown_[i]);
      continue;
    }
    auto place = scratch();
    if (!place) return std::move(place).error();
    if (auto done = index::unpack_archive(file->bytes(), *place, kMostUnpacked); !done) {
      return pep::error(done.error().fault, fmt::format("{}: {}", shown_[i], done.error().what));
    }
    paths[i] = *place;
    names_.emplace_back(*place, shown_[i]);
  }
  Reading reading = prescriptions::read(paths);
  for (const auto& [path, name] : names_) rename(reading, path, name);
  return reading;
}

std::string RuleSources::place_of(const std::string& file) const {
  for (const auto& [path, name] : names_)
    if (file.starts_with(name)) return path + file.substr(name.size());
  return file;
}

pep::Result<Reading> RuleSources::read_all() {
  auto reading = read();
  if (!reading) return reading;
  for (const std::string& path : compiled_) {
    auto rules = CompiledRules::open_file(path);
    if (!rules) return std::move(rules).error();
    if (auto added = add_units(*rules, path, *reading); !added) return std::move(added).error();
  }
  return reading;
}

}  // namespace plugin

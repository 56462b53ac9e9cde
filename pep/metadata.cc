// Reading the headers of a METADATA file: RFC 822 as Python's email parser, and so pip, reads it.
#include "pep/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pep/ascii.h"

namespace pep {

namespace {

constexpr std::size_t kMostHeaders = 8U << 20;  // bytes before the body; real ones stay below 1 MB

// One header field. `value` is a view into the text, or into the reader's buffer if the field was
// folded.
struct Field {
  std::string_view name;
  std::string_view value;
  int line = 0;
};

// Walks over the fields before the first empty line, or before the first line that is no header.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text) {}

  bool next(Field& field) {
    std::string_view line;
    if (!take_line(&line) || line.empty()) return false;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_field_name(line.substr(0, colon))) return false;
    field = {line.substr(0, colon), trim(line.substr(colon + 1)), line_};
    if (continues()) unfold(field);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  bool take_line(std::string_view* line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find_first_of("\r\n");
    *line = rest_.substr(0, end);
    std::size_t skip = std::min(line->size() + 1, rest_.size());
    if (end != std::string_view::npos && rest_.substr(end).starts_with("\r\n")) ++skip;
    rest_.remove_prefix(skip);
    ++line_;
    return true;
  }

  static bool is_field_name(std::string_view name) {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
  }

  bool continues() const { return !rest_.empty() && is_blank(rest_.front()); }

  void unfold(Field& field) {
    folded_ = field.value;
    std::string_view line;
    while (continues() && take_line(&line)) {
      line = trim(line);
      if (!folded_.empty() && !line.empty()) folded_ += ' ';
      folded_ += line;
    }
    field.value = folded_;
  }

  std::string_view rest_;
  std::string folded_;
  int line_ = 0;
};

Error bad_field(const Field& field, std::string_view why) {
  Error error = pep::error(Fault::kMalformed,
                           fmt::format("the metadata's {} is invalid: {}", field.name, why));
  error.place = Place{.file = {}, .line = field.line, .column = 0};
  error.excerpt = fmt::format("{}: {}", field.name, field.value.substr(0, 200));
  return error;
}

// Fills in one Metadata, field by field.
class Collector {
 public:
  Status take(const Field& field) {
    const auto is = [&](std::string_view name) { return equal_ignoring_case(field.name, name); };
    if (is("Requires-Dist")) return requirement(field);
    if (is("Name")) return name(field);
    if (is("Version")) return version(field);
    if (is("Requires-Python")) {
      requires_python(field);
    } else if (is("Provides-Extra")) {
      // Old releases name extras that no requirement can ask for; they do no harm.
      if (auto extra = Name::parse(field.value)) made_.provides_extra.push_back(*std::move(extra));
    } else if (is("Metadata-Version")) {
      if (!made_.metadata_version.empty()) return bad_field(field, "it is there twice");
      made_.metadata_version = field.value;
    } else if (is("Dynamic")) {
      std::string dynamic(field.value);
      std::transform(dynamic.begin(), dynamic.end(), dynamic.begin(), to_lower);
      made_.dynamic.push_back(std::move(dynamic));
    } else if (is("Classifier")) {
      made_.classifiers.emplace_back(field.value);
    }
    return Done{};
  }

  Result<Metadata> finish() && {
    for (const auto& [seen, name] : {std::pair(has_name_, "Name"), {has_version_, "Version"}}) {
      if (!seen) return pep::error(Fault::kMalformed, fmt::format("the metadata has no {}", name));
    }
    return std::move(made_);
  }

 private:
  Status name(const Field& field) {
    if (std::exchange(has_name_, true)) return bad_field(field, "it is there twice");
    auto parsed = Name::parse(field.value);
    if (!parsed) return bad_field(field, parsed.error().what);
    made_.name = *std::move(parsed);
    return Done{};
  }

  Status version(const Field& field) {
    if (std::exchange(has_version_, true)) return bad_field(field, "it is there twice");
    auto parsed = Version::parse(field.value);
    if (!parsed) return bad_field(field, parsed.error().what);
    made_.version = *std::move(parsed);
    return Done{};
  }

  Status requirement(const Field& field) {
    auto parsed = Requirement::parse(field.value);
    if (!parsed) return bad_field(field, parsed.error().what);
    made_.requires_dist.push_back(*std::move(parsed));
    return Done{};
  }

  void requires_python(const Field& field) {
    if (made_.requires_python || !made_.ignored_requires_python.empty()) return;  // pip: the first
    auto parsed = SpecifierSet::parse(field.value);
    if (parsed) {
      made_.requires_python = *std::move(parsed);
    } else {
      made_.ignored_requires_python = field.value;
    }
  }

  Metadata made_;
  bool has_name_ = false;
  bool has_version_ = false;
};

}  // namespace

Result<Metadata> Metadata::parse(std::string_view text) {
  const std::string_view head = text.substr(0, kMostHeaders);
  HeaderReader reader(head);
  Collector collector;
  Field field;
  while (reader.next(field)) {
    if (field.value.find('\0') != std::string_view::npos) {
      return bad_field(field, "it holds a NUL byte, so this is no text file");
    }
    if (auto done = collector.take(field); !done) return std::move(done).error();
  }
  if (text.size() > kMostHeaders && reader.at_end()) {
    return pep::error(Fault::kMalformed, "the metadata's headers exceed 8 MiB");
  }
  return std::move(collector).finish();
}

}  // namespace pep

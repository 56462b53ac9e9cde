// Reads an OSV record in one pass. Fields that are not known, and known ones of another type, are
// passed over: the format grows.
#include "resolver/index/osv_record.h"

#include <simdjson.h>

namespace resolver::index {

namespace {

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

// False if the JSON is broken.
template <class Visit>
bool each_field(value& of, Visit visit) {
  json_type type{};
  if (of.type().get(type) != simdjson::SUCCESS) return false;
  if (type != json_type::object) return true;
  simdjson::ondemand::object object;
  if (of.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto field : object) {
    std::string_view key;
    value content;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
        field.value().get(content) != simdjson::SUCCESS) {
      return false;
    }
    if (!visit(key, content)) return false;
  }
  return true;
}

template <class Visit>
bool each_item(value& of, Visit visit) {
  json_type type{};
  if (of.type().get(type) != simdjson::SUCCESS) return false;
  if (type != json_type::array) return true;
  simdjson::ondemand::array array;
  if (of.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto item : array) {
    value content;
    if (item.get(content) != simdjson::SUCCESS) return false;
    if (!visit(content)) return false;
  }
  return true;
}

bool read(value& from, std::string& into) {
  json_type type{};
  if (from.type().get(type) != simdjson::SUCCESS) return false;
  if (type != json_type::string) return true;
  std::string_view text;
  if (from.get_string().get(text) != simdjson::SUCCESS) return false;
  into = text;
  return true;
}

bool read(value& from, std::vector<std::string>& into) {
  return each_item(from, [&](value& item) { return read(item, into.emplace_back()); });
}

// [{FIRST: …, SECOND: …}]
bool read_pairs(value& from, std::string_view first, std::string_view second,
                std::vector<std::pair<std::string, std::string>>& into) {
  return each_item(from, [&](value& item) {
    auto& pair = into.emplace_back();
    return each_field(item, [&](std::string_view key, value& content) {
      if (key == first) return read(content, pair.first);
      return key != second || read(content, pair.second);
    });
  });
}

bool read_range(value& from, OsvRecord::Range& range) {
  return each_field(from, [&](std::string_view key, value& content) {
    if (key == "type") return read(content, range.type);
    if (key != "events") return true;
    return each_item(content, [&](value& event) {
      return each_field(event, [&](std::string_view kind, value& version) {
        range.events.emplace_back(kind, "");
        return read(version, range.events.back().second);
      });
    });
  });
}

bool read_package(value& from, OsvRecord::Package& package) {
  return each_field(from, [&](std::string_view key, value& content) {
    if (key == "package") {
      return each_field(content, [&](std::string_view name, value& text) {
        if (name == "ecosystem") return read(text, package.ecosystem);
        return name != "name" || read(text, package.name);
      });
    }
    if (key == "ranges") {
      return each_item(
          content, [&](value& range) { return read_range(range, package.ranges.emplace_back()); });
    }
    if (key == "versions") return read(content, package.versions);
    return key != "severity" || read_pairs(content, "type", "score", package.severity);
  });
}

bool read_record(std::string_view key, value& content, OsvRecord& record) {
  if (key == "id") return read(content, record.id);
  if (key == "summary") return read(content, record.summary);
  if (key == "details") return read(content, record.details);
  if (key == "aliases") return read(content, record.aliases);
  if (key == "severity") return read_pairs(content, "type", "score", record.severity);
  if (key == "references") return read_pairs(content, "type", "url", record.references);
  if (key == "withdrawn") {
    std::string time;
    const bool right = read(content, time);
    record.withdrawn = !time.empty();
    return right;
  }
  if (key == "database_specific") {
    return each_field(content, [&](std::string_view name, value& text) {
      return name != "severity" || read(text, record.severity_in_words);
    });
  }
  if (key != "affected") return true;
  return each_item(content,
                   [&](value& item) { return read_package(item, record.affected.emplace_back()); });
}

}  // namespace

struct OsvParser::State {
  simdjson::ondemand::parser parser;
};

OsvParser::OsvParser() : state_(std::make_unique<State>()) {}
OsvParser::~OsvParser() = default;

pep::Result<OsvRecord> OsvParser::parse(const std::string& json) {
  OsvRecord record;
  simdjson::padded_string padded(json);
  simdjson::ondemand::document document;
  simdjson::ondemand::value whole;
  const bool right = state_->parser.iterate(padded).get(document) == simdjson::SUCCESS &&
                     document.get_value().get(whole) == simdjson::SUCCESS &&
                     each_field(whole, [&](std::string_view key, value& content) {
                       return read_record(key, content, record);
                     });
  if (!right || record.id.empty()) {
    return pep::error(pep::Fault::kMalformed, right ? "is no OSV record: it has no \"id\""
                                                    : "is no OSV record: broken JSON");
  }
  return record;
}

}  // namespace resolver::index

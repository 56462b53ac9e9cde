// Writes facts as JSON. A writer of our own: names in an image need not be UTF-8, which no JSON
// library lets through, and an image of 1,400 libraries is a megabyte of JSON.
#include "rpmenv/inspect_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rpmenv/digest.h"

namespace rpmenv {
namespace {

// Length of the UTF-8 sequence at the beginning of `text`; 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool shortest = first != 0xe0 || byte(1) >= 0xa0,
               surrogate = first == 0xed && byte(1) >= 0xa0;
    return follows(1) && follows(2) && shortest && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool in_range = (first != 0xf0 || byte(1) >= 0x90) && (first != 0xf4 || byte(1) < 0x90);
    return follows(1) && follows(2) && follows(3) && in_range ? 4 : 0;
  }
  return 0;
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size()) {
      const auto c = static_cast<unsigned char>(text[plain]);
      if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') break;
      ++plain;
    }
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (length == 0) {
      out += fmt::format("\\udc{:02x}", static_cast<unsigned char>(c));
    } else if (length == 1) {
      out += c == '\n'   ? std::string("\\n")
             : c == '\t' ? std::string("\\t")
                         : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
}

// One value on one line, or the elements of the outermost list on lines of their own.
class Writer {
 public:
  std::string out;

  Writer& begin(char bracket) {
    separate();
    out += bracket;
    first_ = true;
    return *this;
  }
  Writer& end(char bracket) {
    out += bracket;
    first_ = false;
    return *this;
  }
  Writer& key(std::string_view name) {
    separate();
    append_text(out, name);
    out += ": ";
    first_ = true;
    return *this;
  }
  void text(std::string_view value) { separate(), append_text(out, value); }
  void raw(std::string_view value) { separate(), out += value; }
  void texts(const std::vector<std::string>& values) {
    begin('[');
    for (const auto& value : values) text(value);
    end(']');
  }
  void member(std::string_view name, std::string_view value) { key(name).text(value); }
  void number(std::string_view name, std::uint64_t value) { key(name).raw(std::to_string(value)); }
  void flag(std::string_view name, bool value) { key(name).raw(value ? "true" : "false"); }
  void optional(std::string_view name, const std::optional<std::string>& value) {
    if (value) {
      member(name, *value);
    } else {
      key(name).raw("null");
    }
  }
  // Null for what an image does not say.
  void known(std::string_view name, const std::string& value) {
    optional(name, value.empty() ? std::nullopt : std::optional(value));
  }

 private:
  void separate() {
    if (!first_) out += ", ";
    first_ = false;
  }
  bool first_ = true;
};

const char* status_name(DatabaseStatus status) {
  switch (status) {
    case DatabaseStatus::kOk:
      return "ok";
    case DatabaseStatus::kPartial:
      return "partial";
    case DatabaseStatus::kMissing:
      return "missing";
    case DatabaseStatus::kCorrupt:
      return "corrupt";
    case DatabaseStatus::kUnreadable:
      return "unreadable";
    case DatabaseStatus::kUnsupported:
      return "unsupported";
  }
  return "corrupt";
}

const char* family_name(LibcFamily family) {
  return family == LibcFamily::kGlibc ? "glibc" : family == LibcFamily::kMusl ? "musl" : "none";
}

std::string object(const Database& database) {
  Writer w;
  w.begin('{');
  w.member("kind", database.kind);
  w.member("path", database.path);
  w.known("format", database.format);
  w.member("status", status_name(database.status));
  w.number("read", database.read);
  w.number("damaged", database.damaged);
  w.member("message", database.message);
  w.flag("used", database.used);
  return w.end('}').out;
}

std::string object(const Package& package) {
  Writer w;
  w.begin('{');
  w.member("kind", package.kind);
  w.member("name", package.name);
  w.key("epoch").raw(package.epoch ? std::to_string(*package.epoch) : "null");
  w.member("version", package.version);
  w.optional("release", package.release);
  w.known("arch", package.arch);
  w.known("vendor", package.vendor);
  w.known("source", package.source);
  w.optional("modularity", package.modularity);
  w.number("size", package.size);
  return w.end('}').out;
}

std::string object(const Interpreter& python) {
  Writer w;
  w.begin('{');
  w.member("path", python.path);
  w.key("links").texts(python.links);
  w.member("implementation", python.implementation);
  w.member("version", python.version);
  w.member("abi", python.abi);
  w.flag("externally_managed", python.externally_managed);
  w.optional("owner", python.owner);
  w.key("platform").texts(python.platforms);
  w.flag("default", python.is_default);
  return w.end('}').out;
}

std::string object(const Distribution& distribution) {
  Writer w;
  w.begin('{');
  w.member("name", distribution.name);
  w.member("version", distribution.version);
  w.member("location", distribution.location);
  w.known("installer", distribution.installer);
  w.optional("owner", distribution.owner);
  return w.end('}').out;
}

std::string object(const Library& library) {
  Writer w;
  w.begin('{');
  w.member("path", library.path);
  w.key("links").texts(library.links);
  w.known("soname", library.soname);
  w.member("machine", library.machine);
  w.number("class", static_cast<std::uint64_t>(library.bits));
  w.flag("loader_path", library.in_loader_path);
  w.key("defines").texts(library.defines);
  w.key("needs").begin('{');
  for (const auto& [name, versions] : library.needs) w.key(name).texts(versions);
  w.end('}');
  if (library.symbols) w.key("symbols").texts(*library.symbols);
  w.optional("owner", library.owner);
  return w.end('}').out;
}

std::string object(const Hardware& hardware) {
  const auto number = [](const std::optional<int>& value) {
    return value ? std::to_string(*value) : std::string("null");
  };
  Writer w;
  w.begin('{');
  w.member("source", hardware.source);
  w.key("cpu").begin('{');
  w.member("vendor", hardware.cpu.vendor);
  w.key("family").raw(number(hardware.cpu.family));
  w.key("model").raw(number(hardware.cpu.model));
  w.key("flags").texts(hardware.cpu.flags);
  w.end('}');
  w.key("gpus").texts(hardware.gpus);
  return w.end('}').out;
}

std::string object(const Accelerators& accelerators) {
  Writer w;
  w.begin('{');
  const auto one = [&](const char* name, const std::optional<Accelerator>& accelerator) {
    w.key(name);
    if (!accelerator) return w.raw("null");
    w.begin('{');
    w.member("version", accelerator->version);
    w.member("source", accelerator->source);
    w.end('}');
  };
  one("cuda", accelerators.cuda);
  one("cudnn", accelerators.cudnn);
  one("mkl", accelerators.mkl);
  one("openblas", accelerators.openblas);
  one("openmpi", accelerators.openmpi);
  return w.end('}').out;
}

std::string object(const PipConfiguration& pip) {
  const auto url = [](const std::optional<std::string>& value) {
    return value ? std::optional(without_credentials(*value)) : std::nullopt;
  };
  const auto urls = [](std::vector<std::string> values) {
    for (auto& value : values) value = without_credentials(value);
    return values;
  };
  Writer w;
  w.begin('{');
  w.optional("index_url", url(pip.index_url));
  w.key("extra_index_urls").texts(urls(pip.extra_index_urls));
  w.key("find_links").texts(urls(pip.find_links));
  w.flag("no_index", pip.no_index);
  w.optional("cert", pip.cert);
  w.key("trusted_hosts").texts(pip.trusted_hosts);
  w.key("timeout").raw(pip.timeout ? fmt::format("{}", *pip.timeout) : "null");
  w.optional("proxy", url(pip.proxy));
  w.optional("default_index_url", url(pip.default_index_url));
  return w.end('}').out;
}

// Top-level keys and the elements of their lists have a line each.
class Document {
 public:
  void value(std::string_view name, std::string_view json) {
    out_ += out_.empty() ? "{\n" : ",\n";
    out_ += fmt::format("  \"{}\": {}", name, json);
  }
  template <class T, class Write>
  void list(std::string_view name, const std::vector<T>& values, Write write) {
    std::string text = values.empty() ? "[" : "[\n";
    for (const auto& value : values) {
      text += "    ";
      text += write(value);
      text += &value == &values.back() ? "\n" : ",\n";
    }
    value(name, text + (values.empty() ? "]" : "  ]"));
  }
  std::string take() { return std::move(out_) + "\n}\n"; }

 private:
  std::string out_;
};

std::string document(const Facts& facts, bool with_hardware) {
  Document d;
  d.value("schema", "\"seshat.inspect/1\"");
  Writer os;
  os.begin('{');
  os.known("id", facts.os.id);
  os.known("version_id", facts.os.version_id);
  os.known("pretty_name", facts.os.pretty_name);
  d.value("os", os.end('}').out);
  d.value("architecture", facts.architecture.empty() ? "null" : json_text(facts.architecture));
  Writer libc;
  libc.begin('{');
  libc.member("family", family_name(facts.libc.family));
  libc.known("version", facts.libc.version);
  d.value("libc", libc.end('}').out);
  const auto write = [](const auto& value) { return object(value); };
  d.list("databases", facts.databases, write);
  d.list("packages", facts.packages, write);
  d.list("pythons", facts.pythons, write);
  d.list("distributions", facts.distributions, write);
  d.list("libraries", facts.libraries, write);
  if (with_hardware) d.value("hardware", object(facts.hardware));
  d.value("accelerators", object(facts.accelerators));
  d.value("pip_configuration", object(facts.pip));
  d.list("warnings", facts.warnings, json_text);
  return d.take();
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out;
  append_text(out, text);
  return out;
}

std::string without_credentials(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  const auto begin = scheme + 3;
  const auto authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  return fmt::format("{}****{}", url.substr(0, begin), url.substr(begin + at));
}

bool has_damaged_database(const Facts& facts) {
  return std::ranges::any_of(facts.databases, [](const Database& database) {
    return database.status != DatabaseStatus::kOk && database.status != DatabaseStatus::kMissing;
  });
}

std::string inspect_json(const Facts& facts) { return document(facts, true); }

std::string facts_digest(const Facts& facts) {
  return sha256_hex(document(facts, facts.hardware.source == "declared"));
}

std::string json_list(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + json_text(value);
  return "[" + text + "]";
}

}  // namespace rpmenv

// The facts about an image in a screenful, for a person.
#include <fmt/format.h>

#include "rpmenv/inspect_json.h"

namespace rpmenv {
namespace {

// What an image says may not reach a terminal as control characters.
std::string plain(std::string_view text) {
  const std::string quoted = json_text(text);
  return quoted.substr(1, quoted.size() - 2);
}

std::string line(std::string_view label, const std::string& text) {
  return fmt::format("{:14}{}\n", label, text);
}

const char* state(DatabaseStatus status) {
  switch (status) {
    case DatabaseStatus::kOk:
      return "";
    case DatabaseStatus::kPartial:
      return ", read only in part";
    case DatabaseStatus::kMissing:
      return ", missing";
    case DatabaseStatus::kCorrupt:
      return ", damaged";
    case DatabaseStatus::kUnreadable:
      return ", not readable";
    case DatabaseStatus::kUnsupported:
      return ", of a format that is not supported";
  }
  return "";
}

std::string accelerators(const Accelerators& all) {
  std::string text;
  const auto add = [&](const char* name, const std::optional<Accelerator>& one) {
    if (one) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, plain(one->version));
  };
  add("CUDA", all.cuda);
  add("cuDNN", all.cudnn);
  add("MKL", all.mkl);
  add("OpenBLAS", all.openblas);
  add("Open MPI", all.openmpi);
  return text;
}

// The best tag, rather than the one that says nothing of a libc.
std::string platform_of(const Interpreter& python) {
  for (const auto& tag : python.platforms) {
    if (!tag.starts_with("linux_")) return tag;
  }
  return python.platforms.empty() ? std::string() : python.platforms.front();
}

}  // namespace

std::string inspect_summary(const Facts& facts) {
  std::string text = line("image", plain(facts.root));
  text += line("system", facts.os.pretty_name.empty() ? "unknown" : plain(facts.os.pretty_name));
  const char* family = facts.libc.family == LibcFamily::kGlibc  ? "glibc"
                       : facts.libc.family == LibcFamily::kMusl ? "musl"
                                                                : "no libc";
  text += line(
      "platform",
      fmt::format("{}, {}{}",
                  facts.architecture.empty() ? "unknown architecture" : plain(facts.architecture),
                  family, facts.libc.version.empty() ? "" : " " + plain(facts.libc.version)));
  for (const auto& database : facts.databases) {
    text += line("packages", fmt::format("{} in {}{}", database.read, plain(database.path),
                                         database.used ? state(database.status) : ", not used"));
  }
  for (const auto& python : facts.pythons) {
    text += line("python",
                 fmt::format("{} {}, {}{}", plain(python.version), plain(python.path),
                             plain(platform_of(python)), python.is_default ? " (default)" : ""));
  }
  text += line("distributions", std::to_string(facts.distributions.size()));
  text += line("libraries", std::to_string(facts.libraries.size()));
  if (const auto found = accelerators(facts.accelerators); !found.empty())
    text += line("accelerators", found);
  const auto& index = facts.pip.index_url ? facts.pip.index_url : facts.pip.default_index_url;
  if (index) text += line("index of pip", plain(without_credentials(*index)));
  return text;
}

}  // namespace rpmenv

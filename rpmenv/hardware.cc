// Reads the build host's /proc. Unaware of images.
#include "rpmenv/hardware.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

// One processor is enough; a machine of 256 would need a megabyte and a millisecond for all.
std::string beginning_of(const std::string& path) {
  std::string text(16384, '\0');
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t got = read(fd, text.data(), text.size());
  close(fd);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::vector<std::string> nvidia_models() {
  std::vector<std::string> models;
  const std::string place = "/proc/driver/nvidia/gpus";
  DIR* directory = opendir(place.c_str());
  if (directory == nullptr) return models;
  while (const dirent* entry = readdir(directory)) {
    const std::string text = beginning_of(place + "/" + entry->d_name + "/information");
    std::string_view rest = text, line;
    while (next_line(rest, line)) {
      if (line.starts_with("Model:")) models.emplace_back(trimmed(line.substr(6)));
    }
  }
  closedir(directory);
  std::ranges::sort(models);
  return models;
}

}  // namespace

Cpu parse_cpuinfo(std::string_view text) {
  Cpu cpu;
  std::string_view line;
  while (next_line(text, line) && !trimmed(line).empty()) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto key = trimmed(line.substr(0, colon));
    auto value = trimmed(line.substr(colon + 1));
    if (key == "vendor_id" || key == "CPU implementer") cpu.vendor = value;
    if (key == "cpu family" || key == "model") {
      if (const auto number = whole_number(value); number && *number < 100000) {
        (key == "model" ? cpu.model : cpu.family) = static_cast<int>(*number);
      }
    }
    if (key == "flags" || key == "Features") {
      for (auto word = next_word(value); !word.empty(); word = next_word(value))
        cpu.flags.emplace_back(word);
    }
  }
  std::ranges::sort(cpu.flags);
  return cpu;
}

Hardware host_hardware() {
  return {.source = "build-host",
          .cpu = parse_cpuinfo(beginning_of("/proc/cpuinfo")),
          .gpus = nvidia_models()};
}

}  // namespace rpmenv

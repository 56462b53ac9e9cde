// Finds the versions of accelerators. Headers count before the names of files, those before
// packages: a header is the toolkit's own word. Nothing is run, and text is searched rather than
// parsed, so that no file can be too deep.
#include "rpmenv/accelerators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rpmenv/text.h"

namespace rpmenv {
namespace {

constexpr std::uint64_t kMaxText = 4 << 20;
using Found = std::optional<Accelerator>;

// The whole number after "#define NAME".
std::optional<unsigned long long> defined(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    auto rest = text.substr(at + name.size());
    const auto line = text.substr(0, at);
    const auto define =
        trimmed(line.substr(line.rfind('\n') == std::string_view::npos ? 0 : line.rfind('\n') + 1));
    if (define != "#define" || rest.empty() || (rest.front() != ' ' && rest.front() != '\t'))
      continue;
    return whole_number(next_word(rest));
  }
  return std::nullopt;
}

// "12.4.1" of {"cuda": {…, "version": "12.4.1"}, …}.
std::string version_in_json(std::string_view text) {
  const auto at = text.find("\"cuda\"");
  if (at == std::string_view::npos) return {};
  const auto key = text.find("\"version\"", at);
  if (key == std::string_view::npos) return {};
  const auto open = text.find('"', key + 9);
  return open == std::string_view::npos ? std::string()
                                        : std::string(leading_version(text.substr(open + 1, 32)));
}

class Search {
 public:
  Search(const Root& root, const Facts& facts) : root_(root), facts_(facts) {
    add_toolkits("usr/local", "cuda");
    add_toolkits("opt", "cuda");
    for (const auto& python : facts.pythons) {
      for (const auto& site : python.site_packages) {
        add_toolkits(site + "/nvidia", "");
      }
    }
    includes_ = {"usr/include", "usr/local/include"};
    const auto entries = root.list("usr/include");
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (entry.name.find("-linux-gnu") != std::string::npos)
        includes_.push_back("usr/include/" + entry.name);
    }
    for (const auto& toolkit : toolkits_) includes_.push_back(toolkit + "/include");
  }

  Found cuda() const {
    for (const auto& toolkit : toolkits_) {
      if (auto version = version_in_json(text(toolkit + "/version.json")); !version.empty())
        return found(version, toolkit + "/version.json");
      const std::string old = text(toolkit + "/version.txt");
      constexpr std::string_view kBegin = "CUDA Version ";
      if (old.starts_with(kBegin))
        return found(std::string(leading_version(std::string_view(old).substr(kBegin.size()))),
                     toolkit + "/version.txt");
    }
    for (const auto& include : includes_) {
      for (const auto& [file, name] : {std::pair("cuda.h", "CUDA_VERSION"),
                                       std::pair("cuda_runtime_api.h", "CUDART_VERSION")}) {
        const std::string path = include + "/" + file;
        if (const auto number = defined(text(path), name))
          return found(fmt::format("{}.{}", *number / 1000, *number % 1000 / 10), path);
      }
    }
    if (auto library = from_library("libcudart.so.", 2)) return library;
    if (auto distribution = from_distribution("nvidia-cuda-runtime")) return distribution;
    if (auto package = from_package({"cuda-cudart-", "libcudart"})) return package;
    // What the image says of itself, where there is a configuration that does.
    for (const std::string_view variable : root_.environment()) {
      if (variable.starts_with("CUDA_VERSION="))
        return found(std::string(leading_version(variable.substr(13))),
                     "environment of the image: CUDA_VERSION");
    }
    return std::nullopt;
  }

  Found cudnn() const {
    for (const auto& include : includes_) {
      for (const char* file :
           {"cudnn_version.h", "cudnn_version_v9.h", "cudnn_version_v8.h", "cudnn.h"}) {
        const std::string path = include + "/" + file, header = text(path);
        const auto major = defined(header, "CUDNN_MAJOR"), minor = defined(header, "CUDNN_MINOR"),
                   patch = defined(header, "CUDNN_PATCHLEVEL");
        if (major && minor && patch)
          return found(fmt::format("{}.{}.{}", *major, *minor, *patch), path);
      }
    }
    if (auto library = from_library("libcudnn.so.", 2)) return library;
    if (auto distribution = from_distribution("nvidia-cudnn")) return distribution;
    return from_package({"libcudnn"});
  }

  Found mkl() const {
    std::vector<std::string> includes = includes_;
    for (const char* place : {"opt/intel/oneapi/mkl", "opt/intel"}) {
      const auto entries = root_.list(place);
      for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
        includes.push_back(std::string(place) + "/" + entry.name + "/include");
        includes.push_back(std::string(place) + "/" + entry.name + "/mkl/include");
      }
    }
    for (const auto& include : includes) {
      const std::string path = include + "/mkl_version.h", header = text(path);
      const auto major = defined(header, "__INTEL_MKL__"),
                 minor = defined(header, "__INTEL_MKL_MINOR__"),
                 update = defined(header, "__INTEL_MKL_UPDATE__");
      if (major && minor && update)
        return found(fmt::format("{}.{}.{}", *major, *minor, *update), path);
    }
    for (const auto& distribution : facts_.distributions) {
      if (distribution.name == "mkl") return found(distribution.version, distribution.location);
    }
    return from_package({"intel-oneapi-mkl-core", "intel-mkl-core", "libmkl-core", "libmkl-rt"});
  }

  Found openblas() const {
    std::vector<std::string> includes = includes_;
    for (const auto& include : includes_) includes.push_back(include + "/openblas");
    for (const auto& include : includes) {
      const std::string path = include + "/openblas_config.h", header = text(path);
      const auto at = header.find("OpenBLAS ");
      if (at == std::string::npos) continue;
      if (const auto version = leading_version(std::string_view(header).substr(at + 9, 32));
          !version.empty())
        return found(std::string(version), path);
    }
    for (const auto& library : facts_.libraries) {
      const auto name = file_name(library.path);
      const auto at = name.find("-r");
      if (!name.starts_with("libopenblas") || at == std::string_view::npos) continue;
      if (const auto version = leading_version(name.substr(at + 2));
          version.find('.') != std::string_view::npos)
        return found(std::string(version), library.path);
    }
    return from_package({"libopenblas0", "openblas", "libopenblas"});
  }

  Found openmpi() const {
    std::vector<std::string> includes = {"usr/lib64/openmpi/include", "usr/include/openmpi-x86_64",
                                         "usr/local/include"};
    for (const auto& include : includes_) includes.push_back(include);
    for (const auto& library : facts_.libraries) {
      if (file_name(library.path).starts_with("libmpi.so"))
        includes.push_back(std::string(directory_of(library.path)) + "/openmpi/include");
    }
    for (const auto& include : includes) {
      const std::string path = include + "/mpi.h", header = text(path);
      const auto major = defined(header, "OMPI_MAJOR_VERSION"),
                 minor = defined(header, "OMPI_MINOR_VERSION"),
                 release = defined(header, "OMPI_RELEASE_VERSION");
      if (major && minor && release)
        return found(fmt::format("{}.{}.{}", *major, *minor, *release), path);
    }
    return from_package({"openmpi-bin", "openmpi", "libopenmpi"});
  }

 private:
  static Found found(std::string version, std::string source) {
    if (version.empty()) return std::nullopt;
    return Accelerator{std::move(version), std::move(source)};
  }

  std::string text(const std::string& path) const {
    const auto file = root_.read(path, kMaxText);
    return file ? std::string((*file)->view()) : std::string();
  }

  void add_toolkits(const std::string& place, std::string_view prefix) {
    const auto entries = root_.list(place);
    for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
      if (entry.kind == Kind::kFile || !entry.name.starts_with(prefix)) continue;
      toolkits_.push_back(place + "/" + entry.name);
    }
  }

  // "libcudart.so.12.4.127" with at least `parts` numbers.
  Found from_library(std::string_view prefix, long parts) const {
    const auto version_of = [&](std::string_view path) -> std::string_view {
      const auto name = file_name(path);
      if (!name.starts_with(prefix)) return {};
      const auto version = leading_version(name.substr(prefix.size()));
      return std::ranges::count(version, '.') + 1 >= parts ? version : std::string_view();
    };
    for (const auto& library : facts_.libraries) {
      if (const auto version = version_of(library.path); !version.empty())
        return found(std::string(version), library.path);
    }
    for (const auto& toolkit : toolkits_) {
      for (const char* directory : {"/lib64", "/lib"}) {
        const auto entries = root_.list(toolkit + directory);
        for (const auto& entry : entries ? *entries : std::vector<Entry>()) {
          if (const auto version = version_of(entry.name); !version.empty())
            return found(std::string(version), toolkit + directory + "/" + entry.name);
        }
      }
    }
    return std::nullopt;
  }

  Found from_distribution(std::string_view prefix) const {
    for (const auto& distribution : facts_.distributions) {
      std::string name = distribution.name;
      std::ranges::replace(name, '_', '-');
      if (name.starts_with(prefix)) return found(distribution.version, distribution.location);
    }
    return std::nullopt;
  }

  Found from_package(const std::vector<std::string_view>& prefixes) const {
    for (const auto prefix : prefixes) {
      for (const auto& package : facts_.packages) {
        if (!package.name.starts_with(prefix)) continue;
        return found(std::string(leading_version(package.version)), package.owner_id());
      }
    }
    return std::nullopt;
  }

  const Root& root_;
  const Facts& facts_;
  std::vector<std::string> toolkits_;
  std::vector<std::string> includes_;
};

}  // namespace

Accelerators find_accelerators(const Root& root, const Facts& facts) {
  const Search search(root, facts);
  return {.cuda = search.cuda(),
          .cudnn = search.cudnn(),
          .mkl = search.mkl(),
          .openblas = search.openblas(),
          .openmpi = search.openmpi()};
}

}  // namespace rpmenv

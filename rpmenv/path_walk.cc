// Resolves paths inside a tree (path_walk.h). Unaware of file systems.
#include "rpmenv/path_walk.h"

#include <vector>

namespace rpmenv {
namespace {

constexpr int kMaxLinks = 40;  // as the kernel
constexpr std::size_t kMaxPath =
    16384;  // bytes still to be resolved; links in links must not grow without end

// Takes the first component off `rest`; empty at the end.
std::string next_component(std::string& rest) {
  const auto begin = rest.find_first_not_of('/');
  if (begin == std::string::npos) {
    rest.clear();
    return {};
  }
  auto end = rest.find('/', begin);
  if (end == std::string::npos) end = rest.size();
  std::string component = rest.substr(begin, end - begin);
  rest.erase(0, end);
  return component;
}

void drop_last(std::string& path) {
  const auto slash = path.rfind('/');
  path.erase(slash == std::string::npos ? 0 : slash);
}

}  // namespace

pep::Result<std::string> walk_path(std::string_view path, bool follow_last,
                                   const ReadLink& read_link) {
  std::string rest(path), done;
  int links = 0;
  while (true) {
    const std::string component = next_component(rest);
    if (component.empty()) return done;
    if (component == ".") continue;
    if (component == "..") {
      drop_last(done);
      continue;
    }
    std::string here = done.empty() ? component : done + "/" + component;
    const bool last = rest.find_first_not_of('/') == std::string::npos;
    if (last && !follow_last) return here;
    auto target = read_link(here);
    if (!target) return std::move(target).error();
    if (target->empty()) {
      done = std::move(here);
      continue;
    }
    if (++links > kMaxLinks || target->size() + rest.size() > kMaxPath) {
      return pep::error(pep::Fault::kMalformed,
                        "\"" + std::string(path) + "\" leads through a loop of links");
    }
    if (target->front() == '/') done.clear();
    rest = *target + rest;
  }
}

}  // namespace rpmenv

#include "plugin/suggest.h"

#include <algorithm>

#include "plugin/report/near_names.h"

namespace plugin {

namespace {

// What people write when they mean another project: the import's name, the distribution's, a
// plural.
std::vector<std::string> variants(const std::string& name) {
  std::vector<std::string> found;
  auto add = [&](std::string variant) {
    if (!variant.empty() && variant != name) found.push_back(std::move(variant));
  };
  if (name.starts_with("python-")) add(name.substr(7));
  if (name.starts_with("py")) add(name.substr(name.starts_with("py-") ? 3 : 2));
  if (name.ends_with("-python")) add(name.substr(0, name.size() - 7));
  add("python-" + name);
  add("py" + name);
  add(name.ends_with('s') ? name.substr(0, name.size() - 1) : name + "s");
  std::string joined = name;
  std::erase(joined, '-');
  add(joined);
  // Two letters that changed places, the commonest slip of the hand.
  for (std::size_t i = 0; i + 1 < name.size() && name.size() <= 16; ++i) {
    std::string swapped = name;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped.front() != '-' && swapped.back() != '-') add(std::move(swapped));
  }
  return found;
}

}  // namespace

std::vector<std::string> suggestions(const pep::Name& unknown,
                                     const std::vector<std::string>& known,
                                     resolver::index::Client& client) {
  std::vector<std::string> found = near_names(unknown.str(), known);
  std::vector<pep::Name> asked;
  for (const std::string& variant : variants(unknown.str())) {
    auto name = pep::Name::parse(variant);
    if (name) asked.push_back(*name);
  }
  for (const pep::Name& name : asked) client.want_page(name);
  for (const pep::Name& name : asked) {
    auto page = client.page(name);
    if (!page) break;
    if (*page != nullptr && (*page)->version_count() > 0) found.push_back(name.str());
  }
  std::vector<std::string> once;
  for (std::string& name : found) {
    if (once.size() < 3 && std::find(once.begin(), once.end(), name) == once.end())
      once.push_back(std::move(name));
  }
  return once;
}

}  // namespace plugin

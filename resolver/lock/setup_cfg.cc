// The two sections of a setup.cfg that say what is needed; see setup_cfg.h.
#include "resolver/lock/setup_cfg.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "resolver/lock/manifest_entry.h"

namespace resolver::lock {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

using Item = SetupItem;
using Option = SetupOption;

Item item_of(std::string_view line, std::size_t from, std::size_t number) {
  Item item;
  const std::size_t begin = std::min(line.find_first_not_of(" \t", from), line.size());
  item.text = std::string(trimmed(line.substr(begin)));
  item.place.line = static_cast<int>(number);
  item.place.column = static_cast<int>(begin) + 1;
  return item;
}

std::vector<Option> options_of(const SourceText& source) {
  std::vector<Option> options;
  std::string section;
  for (std::size_t number = 1; number <= source.line_count(); ++number) {
    const std::string_view line = source.line(number);
    const std::string_view text = trimmed(line);
    if (text.empty() || text[0] == '#' || text[0] == ';') continue;
    const bool indented = line[0] == ' ' || line[0] == '\t';
    if (!indented && text[0] == '[' && text.ends_with(']')) {
      section = std::string(text.substr(1, text.size() - 2));
    } else if (indented && !options.empty() && options.back().section == section) {
      options.back().items.push_back(item_of(line, 0, number));
    } else if (const std::size_t equals = line.find_first_of("=:");
               !indented && equals != std::string_view::npos) {
      Option option{section, std::string(trimmed(line.substr(0, equals))), {}, {}};
      option.place.line = static_cast<int>(number);
      option.place.column = 1;
      std::ranges::transform(option.name, option.name.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (Item first = item_of(line, equals + 1, number); !first.text.empty())
        option.items.push_back(std::move(first));
      options.push_back(std::move(option));
    }
  }
  return options;
}

// A list is one item a line, or several with semicolons when it stands on the name's own line ("a;
// b").
pep::Status add(Requirements& found, const SourceText& source, const Option& option) {
  for (const Item& item : option.items) {
    if (item.text.starts_with("file:") || item.text.starts_with("attr:")) {
      return error_at(
          source, item.place,
          fmt::format("{} is computed by setuptools; write the requirements here", option.name));
    }
    Value place = item.place;
    place.column -= 1;  // there is no quote before the text
    auto root = parse_entry(source, place, item.text);
    if (!root) return std::move(root).error();
    root->place.column += 1;
    found.requirements.push_back(std::move(*root));
  }
  return pep::Done{};
}

pep::Result<Requirements> read_decoded(const SourceText& source, const Selection& selection) {
  Requirements found;
  found.files_read.push_back({source.name(), source.text()});
  const std::vector<Option> options = options_of(source);
  bool any = false;
  std::vector<std::string> missing = selection.extras;
  for (const Option& option : options) {
    if (option.section == "options" && option.name == "python_requires" && !option.items.empty()) {
      found.requires_python = option.items.front().text;
    }
    const bool wanted_extra = option.section == "options.extras_require" &&
                              (selection.all_extras ||
                               std::ranges::any_of(selection.extras, [&](const std::string& extra) {
                                 return pep::Name::of(extra) == pep::Name::of(option.name);
                               }));
    const bool install = option.section == "options" && option.name == "install_requires";
    any = any || option.section == "options";
    if (wanted_extra) {
      std::erase_if(missing, [&](const std::string& extra) {
        return pep::Name::of(extra) == pep::Name::of(option.name);
      });
    }
    if (!install && !wanted_extra) continue;
    if (auto status = add(found, source, option); !status) return std::move(status).error();
  }
  if (!any)
    return source.error(pep::Fault::kMalformed, 1, 0,
                        "there is no [options] section, so nothing says what is needed");
  if (!missing.empty()) {
    return pep::error(pep::Fault::kUsage,
                      fmt::format("{} has no extra \"{}\"", source.name(), missing.front()));
  }
  return found;
}

}  // namespace

std::vector<SetupOption> setup_options(const SourceText& source) { return options_of(source); }

pep::Result<Requirements> read_setup_cfg(const std::string& path, const Selection& selection) {
  auto source = read_source(path);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

pep::Result<Requirements> read_setup_cfg_text(std::string_view text, const std::string& name,
                                              const Selection& selection) {
  auto source = SourceText::decode(std::string(text), name);
  if (!source) return std::move(source).error();
  return read_decoded(*source, selection);
}

}  // namespace resolver::lock

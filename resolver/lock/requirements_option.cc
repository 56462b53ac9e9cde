// The table of options and its parser; see requirements_option.h.
#include "resolver/lock/requirements_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "resolver/lock/option_words.h"

namespace resolver::lock {
namespace {

constexpr std::array<Option, 22> kOptions = {{
    {"--requirement", 'r', Flag::kRequirement, true},
    {"--constraint", 'c', Flag::kConstraint, true},
    {"--editable", 'e', Flag::kEditable, true},
    {"--index-url", 'i', Flag::kIndexUrl, true},
    {"--pypi-url", 0, Flag::kIndexUrl, true},
    {"--extra-index-url", 0, Flag::kExtraIndexUrl, true},
    {"--find-links", 'f', Flag::kFindLinks, true},
    {"--no-index", 0, Flag::kNoIndex, false},
    {"--pre", 0, Flag::kPre, false},
    {"--only-binary", 0, Flag::kOnlyBinary, true},
    {"--no-binary", 0, Flag::kNoBinary, true},
    {"--prefer-binary", 0, Flag::kPreferBinary, false},
    {"--require-hashes", 0, Flag::kRequireHashes, false},
    {"--trusted-host", 0, Flag::kTrustedHost, true},
    {"--hash", 0, Flag::kHash, true},
    {"--use-feature", 0, Flag::kWithoutEffect, true},
    {"--use-deprecated", 0, Flag::kWithoutEffect, true},
    {"--global-option", 0, Flag::kWithoutEffect, true},
    {"--install-option", 0, Flag::kWithoutEffect, true},
    {"--config-settings", 'C', Flag::kWithoutEffect, true},
    {"--config-setting", 0, Flag::kWithoutEffect, true},
    {"--no-use-pep517", 0, Flag::kWithoutEffect, false},
}};

// An exact name, or the only one that begins so, as pip's parser has it; null for none or several.
const Option* find_option(std::string_view name) {
  const Option* found = nullptr;
  for (const Option& option : kOptions) {
    if (option.name == name) return &option;
    if (name.size() > 2 && option.name.starts_with(name))
      found = found == nullptr ? &option : nullptr;
  }
  return found;
}

const Option* find_letter(char letter) {
  const auto found = std::ranges::find(kOptions, letter, &Option::letter);
  return letter == 0 || found == kOptions.end() ? nullptr : &*found;
}

}  // namespace

pep::Result<std::vector<Given>> given_options(const SourceText& source, const LogicalLine& line,
                                              std::size_t start) {
  const Words split = split_words(line.text(), start);
  if (split.unclosed != std::string::npos) {
    return line.error(source, split.unclosed, "this quote is not closed");
  }
  const std::vector<Word>& words = split.words;
  std::vector<Given> given;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const Word& word = words[at];
    Given each;
    bool has_value = false;
    std::string name = word.text;
    if (name.starts_with("--")) {
      const std::size_t equals = name.find('=');
      has_value = equals != std::string::npos;
      if (has_value) {
        each.value = name.substr(equals + 1);
        each.offset = word.offset + equals + 1;
        name.resize(equals);
      }
      each.option = find_option(name);
    } else if (name.size() >= 2 && name[0] == '-') {
      each.option = find_letter(name[1]);
      has_value = name.size() > 2;
      each.value = name.substr(2);
      each.offset = word.offset + 2;
      name.resize(2);
    } else {
      return line.error(source, word.offset,
                        fmt::format("\"{}\" stands where an option should", name));
    }
    if (each.option == nullptr) {
      return line.error(source, word.offset,
                        fmt::format("\"{}\" is no option of a requirements file; remove it", name));
    }
    if (!each.option->takes_value && has_value) {
      return line.error(source, word.offset, fmt::format("{} takes no value", each.option->name));
    }
    if (each.option->takes_value && !has_value) {
      if (at + 1 == words.size()) {
        return line.error(source, word.offset, fmt::format("{} needs a value", each.option->name));
      }
      each.value = words[++at].text;
      each.offset = words[at].offset;
    }
    if (!each.option->takes_value) each.offset = word.offset;
    given.push_back(std::move(each));
  }
  return given;
}

}  // namespace resolver::lock

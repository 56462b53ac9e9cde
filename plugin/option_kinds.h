// The kinds of options that commands have: each long one has a variable of the environment.
// Internal to the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace plugin {

// "--index-url" is SESHAT_INDEX_URL.
std::string variable_of(const std::string& names);

// Of the types that option_kinds.cc names.
template <class T>
CLI::Option* option(CLI::App& app, const std::string& names, T& value, const std::string& help);

CLI::Option* flag(CLI::App& app, const std::string& names, bool& value, const std::string& help);
CLI::Option* repeatable(CLI::App& app, const std::string& names, std::vector<std::string>& values,
                        const std::string& help);

CLI::Option* size_option(CLI::App& app, const std::string& name,
                         std::optional<std::uint64_t>& value, const std::string& help);

// What several commands have.
void add_output(CLI::App& app, OutputOptions& output);
CLI::Option* add_cache_dir(CLI::App& app, std::optional<std::string>& directory);
CLI::Option* add_image_config(CLI::App& app, std::string& path);
void add_index(CLI::App& app, IndexOptions& index);
// The part of it that says how servers are reached and where the store is.
void add_network(CLI::App& app, IndexOptions& index);

// All of `advise` (advise_options.cc).
void add_advise(CLI::App& app, AdviseOptions& advise);
void add_monkey(CLI::App& app, MonkeyOptions& monkey);

}  // namespace plugin

// The kinds of options that commands have: each long one has a variable of the environment.
// Internal to the command line.
#pragma once

#include <cstdint>
#include <initializer_list>
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
CLI::Option* option(CLI::App& app, const char* names, T& value, const char* help);

CLI::Option* flag(CLI::App& app, const char* names, bool& value, const char* help);
CLI::Option* repeatable(CLI::App& app, const char* names, std::vector<std::string>& values,
                        const char* help);

CLI::Option* size_option(CLI::App& app, const char* name, std::optional<std::uint64_t>& value,
                         const char* help);

// Its value is one of them.
void one_of(CLI::Option* option, std::initializer_list<const char*> words);

// What several commands have.
void add_output(CLI::App& app, OutputOptions& output);
CLI::Option* add_cache_dir(CLI::App& app, std::optional<std::string>& directory);
CLI::Option* add_image_config(CLI::App& app, std::string& path);
void add_index(CLI::App& app, IndexOptions& index);
// The part of it that says how servers are reached and where the store is.
void add_network(CLI::App& app, IndexOptions& index);

// Every option of a command that was parsed with its value: of the command line, of a variable or
// by itself.
std::vector<Setting> settings_of(const CLI::App& app);

// What `advise` decides by, without where its answers go; and all of it (advise_options.cc).
void add_resolving(CLI::App& app, AdviseOptions& advise);
void add_advise(CLI::App& app, AdviseOptions& advise);
void add_monkey(CLI::App& app, MonkeyOptions& monkey);

// build_options.cc
void add_config(CLI::App& app, ConfigOptions& config);
void add_labels(CLI::App& app, LabelsOptions& labels);
void add_provenance(CLI::App& app, ProvenanceOptions& provenance);
void add_build_hook(CLI::App& app, BuildHookOptions& hook);
// Where the environment has a variable of Thoth's builds and not ours, sets ours.
void map_foreign_variables();

}  // namespace plugin

// Exporting the store: which pages, what is beside them, in which directory.
#include "resolver/index/index_export.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "resolver/index/digest.h"
#include "resolver/index/export_directory.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/sources.h"
#include "resolver/index/static_pages.h"
#include "resolver/index/store_access.h"
#include "resolver/index/store_snapshot.h"
#include "resolver/index/stored_page.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

namespace fs = std::filesystem;

// "URL#checksum of credentials" of a page's key, and its name.
std::pair<std::string, std::string> split_key(const std::string& key) {
  const std::size_t space = key.rfind(' ');
  if (space == std::string::npos) return {};
  return {key.substr(0, space), key.substr(space + 1)};
}

std::string base_of(const std::string& key) { return key.substr(0, key.find('#')); }

// It becomes a part of a path.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() < 200 && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}
bool is_plain_filename(std::string_view name) {
  return !name.empty() && name.size() < 240 && name.front() != '.' &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

class Export {
 public:
  Export(const ExportOptions& options, const Snapshot& snapshot)
      : options_(options), snapshot_(snapshot) {
    result_.damaged = snapshot.damaged();
    for (const LiveRecord& record : snapshot.records()) {
      if (record.type == RecordType::kMetadata) {
        metadata_.emplace(record.key, &record);
      } else if (auto [index, name] = split_key(record.key); is_plain_name(name)) {
        pages_[index].emplace(std::move(name), &record);
      }
    }
  }

  pep::Result<Exported> go() {
    if (auto chosen = choose_indexes(); !chosen) return std::move(chosen).error();
    if (auto found = list_wheelhouses(); !found) return std::move(found).error();
    auto made = ExportDirectory::make(options_.directory, "simple", options_.force);
    if (!made) return std::move(made).error();
    directory_ = std::move(*made);
    std::set<std::string> names;
    for (const std::string& index : chosen_)
      for (const auto& [name, record] : pages_[index])
        if (record->type == RecordType::kPage) names.insert(name);
    std::vector<std::string> written;
    for (const std::string& name : names) {
      const auto page = page_of(name);
      if (page == nullptr) continue;
      if (auto done = write_page(name, *page); !done) return std::move(done).error();
      written.push_back(name);
    }
    result_.projects = written.size();
    if (auto done = directory_->write("index.html", static_html_root(written)); !done)
      return std::move(done).error();
    if (auto done = directory_->write("index.json", static_json_root(written)); !done)
      return std::move(done).error();
    if (auto done = directory_->finish(); !done) return std::move(done).error();
    result_.path = options_.directory + "/simple";
    return std::move(result_);
  }

 private:
  std::string known_indexes() const {
    std::string text;
    for (const auto& [key, pages] : pages_) text += (text.empty() ? "" : ", ") + base_of(key);
    return text;
  }

  // The keys of the wanted indexes, in order. With other credentials than now it may have been
  // asked as somebody else: then it has to be the only one.
  pep::Status choose_indexes() {
    if (pages_.empty()) {
      return pep::error(pep::Fault::kNotFound,
                        "the store " + store_path(options_.store_directory) +
                            " knows no index yet: run `seshat advise` with it first");
    }
    if (options_.index_urls.empty()) {
      if (pages_.size() != 1) {
        return pep::error(
            pep::Fault::kUsage,
            "the store knows several indexes: say with --index-url which to export (" +
                known_indexes() + ")");
      }
      chosen_.push_back(pages_.begin()->first);
    }
    ClientOptions asked;
    asked.index_urls = options_.index_urls;
    for (const Source& source : Sources::of(asked).indexes) {
      std::vector<std::string> keys;
      for (const auto& [key, pages] : pages_) {
        if (key == source.key) keys.assign(1, key);
        if (keys.empty() || keys.front() != source.key)
          if (base_of(key) == source.base) keys.push_back(key);
      }
      if (keys.size() != 1) {
        return pep::error(keys.empty() ? pep::Fault::kNotFound : pep::Fault::kUsage,
                          keys.empty()
                              ? "the store knows nothing of the index " + source.shown +
                                    "; it knows: " + known_indexes()
                              : "several users have asked " + source.shown +
                                    ": give --index-url with the credentials of one of them");
      }
      chosen_.push_back(keys.front());
    }
    for (const std::string& key : chosen_) result_.indexes.push_back(base_of(key));
    return pep::Done{};
  }

  pep::Status list_wheelhouses() {
    for (const std::string& place : options_.wheelhouses) {
      std::error_code code;
      const std::string directory = is_local(place) ? local_path(place) : place;
      for (fs::directory_iterator entry(directory, code);
           !code && entry != fs::directory_iterator(); entry.increment(code)) {
        std::error_code unknown;
        if (entry->is_regular_file(unknown))
          wheels_.emplace(entry->path().filename().string(), entry->path().string());
      }
      if (code) {
        return pep::error(pep::Fault::kNotFound,
                          "the wheelhouse " + place + " cannot be listed: " + code.message());
      }
    }
    return pep::Done{};
  }

  // What the chosen indexes say of a name, as a client would have it.
  std::shared_ptr<PageView> page_of(const std::string& name) {
    std::vector<std::shared_ptr<PageView>> found;
    for (const std::string& index : chosen_) {
      const auto known = pages_[index].find(name);
      if (known == pages_[index].end() || known->second->type != RecordType::kPage) continue;
      const auto record = snapshot_.read(*known->second, buffer_);
      auto page = record ? page_in_memory(record->payload, record->head.eager_length) : nullptr;
      if (page == nullptr) continue;
      found.push_back(std::move(page));
      if (!options_.best_match) break;
    }
    if (found.size() < 2) return found.empty() ? nullptr : found.front();
    std::vector<const PageView*> parts;
    for (const auto& page : found) parts.push_back(page.get());
    return merged(found.front()->name(), parts);
  }

  pep::Status write_page(const std::string& name, const PageView& page) {
    if (auto done = directory_->make_directory(name); !done) return done;
    StaticLinks links;
    std::set<std::string> here;
    for (std::uint32_t number = 0; number < page.file_count(); ++number) {
      const File file = page.file(number);
      auto link = link_of(name, file, here);
      if (!link) return std::move(link).error();
      links.push_back(std::move(*link));
    }
    if (auto done = directory_->write(name + "/index.html", static_html_page(page, links)); !done)
      return done;
    return directory_->write(name + "/index.json", static_json_page(page, links));
  }

  // Puts what is known of the file beside the page.
  pep::Result<StaticLink> link_of(const std::string& name, const File& file,
                                  std::set<std::string>& here) {
    std::string origin(file.url);
    take_credentials(origin);
    StaticLink link{.html_url = origin, .json_url = origin, .metadata_sha256 = {}};
    const std::string filename(file.filename);
    if (!is_plain_filename(filename) || here.contains(filename)) return link;
    const std::string place = name + "/" + filename;
    if (const auto wheel = wheels_.find(filename); wheel != wheels_.end() && file.has_sha256) {
      if (auto copied = copy_wheel(wheel->second, file, place); !copied)
        return std::move(copied).error();
      link.html_url = link.json_url = percent_encoded_path(filename);
      here.insert(filename);
    }
    const auto known = metadata_.find(metadata_key(file));
    const auto record =
        known == metadata_.end() ? std::nullopt : snapshot_.read(*known->second, buffer_);
    if (!record) return link;
    if (auto done = directory_->write(place + ".metadata", record->payload); !done)
      return std::move(done).error();
    link.metadata_sha256 = sha256_of(record->payload);
    link.html_url = percent_encoded_path(filename);
    here.insert(filename);
    ++result_.metadata;
    return link;
  }

  pep::Status copy_wheel(const std::string& from, const File& file, const std::string& place) {
    const auto bytes = MappedFile::open(from);
    if (!bytes) return bytes.error();
    if (sha256_of(bytes->bytes()) != file.sha256) {
      return pep::error(pep::Fault::kIntegrity,
                        from +
                            " is not the file that the index has under this name: its SHA-256 "
                            "is not " +
                            hex(file.sha256));
    }
    ++result_.files;
    return directory_->copy(from, place);
  }

  const ExportOptions& options_;
  const Snapshot& snapshot_;
  std::map<std::string, std::map<std::string, const LiveRecord*>> pages_;  // by index, by name
  std::map<std::string, const LiveRecord*> metadata_;                      // by key
  std::map<std::string, std::string> wheels_;  // paths in wheelhouses, by file name
  std::vector<std::string> chosen_;            // keys of pages_
  std::unique_ptr<ExportDirectory> directory_;
  std::string buffer_;
  Exported result_;
};

}  // namespace

pep::Result<Exported> export_index(const ExportOptions& options) {
  const std::string path = store_path(options.store_directory);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && errno != ENOENT && errno != ENOTDIR) return store_error(path, errno);
  const Snapshot snapshot(descriptor);  // of nothing it is empty
  auto exported = Export(options, snapshot).go();
  if (descriptor >= 0) ::close(descriptor);
  return exported;
}

}  // namespace resolver::index

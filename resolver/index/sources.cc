// Where pages come from.
#include "resolver/index/sources.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "resolver/index/checksum.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

namespace fs = std::filesystem;

std::string absolute(const std::string& path) {
  std::error_code code;
  const fs::path result = fs::absolute(path, code);
  return code ? path : result.lexically_normal().string();
}

Source source_of(const std::string& given, bool index, Sources& sources) {
  Source source;
  std::string url = given;
  const Credentials credentials = take_credentials(url);
  source.shown = url;
  source.local = is_local(url);
  if (source.local) {
    source.base = file_url(absolute(local_path(url)));
  } else {
    source.base = url.substr(0, url.find('#'));
    if (!credentials.empty()) sources.credentials.emplace_back(origin_of(url), credentials);
  }
  if (index && !source.base.ends_with('/')) source.base += '/';
  source.key = source.base;
  if (!credentials.empty()) {
    source.key += '#' + std::to_string(checksum(credentials.user + ':' + credentials.password));
  }
  return source;
}

std::vector<std::string> listing(const std::string& directory, std::error_code& code) {
  std::vector<std::string> names;
  fs::directory_iterator entries(directory, code);
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    names.push_back(entries->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void add_names(const std::vector<std::string>& names, PageBuilder& builder) {
  for (const std::string& name : names) {
    const std::string url = percent_encoded_path(name);
    builder.add({.filename = name, .url = url});
  }
}

}  // namespace

Sources Sources::of(const ClientOptions& options) {
  Sources sources;
  for (const std::string& url : options.index_urls)
    sources.indexes.push_back(source_of(url, true, sources));
  for (const std::string& url : options.find_links)
    sources.find_links.push_back(source_of(url, false, sources));
  return sources;
}

pep::Result<FlatPage> FlatPage::read(const Source& source) {
  FlatPage flat;
  flat.page_.url = source.base;
  const std::string path = local_path(source.base);
  std::error_code code;
  if (fs::is_directory(path, code)) {
    flat.page_.url += flat.page_.url.ends_with('/') ? "" : "/";
    flat.files_ = listing(path, code);
    if (!code) return flat;
    return pep::error(pep::Fault::kUnreachable,
                      source.shown + " cannot be listed: " + code.message());
  }
  auto file = MappedFile::open(path);
  if (!file) {
    return pep::error(pep::Fault::kUnreachable,
                      "find-links " + source.shown + " is neither a directory nor a readable file");
  }
  flat.page_.body = file->bytes();
  return flat;
}

pep::Status FlatPage::add_to(PageBuilder& builder) const {
  builder.set_page_url(page_.url);
  if (page_.body.empty()) {
    add_names(files_, builder);
    return pep::Done{};
  }
  const auto form = page_form(page_);
  if (!form) return form.error();
  if (*form == PageForm::kHtml) return read_html_page(page_, builder);
  PageText copy = page_;
  return read_json_page(copy, builder);
}

pep::Result<std::shared_ptr<PageView>> read_local_page(const Source& source,
                                                       const pep::Name& name) {
  const std::string root = local_path(source.base);
  std::error_code code;
  if (!fs::is_directory(root, code)) {
    return pep::error(pep::Fault::kUnreachable,
                      "the index " + source.shown + " is not a directory");
  }
  const std::string directory = root + name.str() + "/";
  PageText page;
  page.url = source.base + name.str() + "/";
  PageBuilder builder(name, source.shown, page.url);
  if (!fs::is_directory(directory, code)) return std::shared_ptr<PageView>();
  for (const char* leaf : {"index.json", "index.html"}) {
    auto file = MappedFile::open(directory + leaf);
    if (!file) continue;
    page.body = file->bytes();
    page.content_type = std::string_view(leaf).ends_with("json") ? "application/json" : "text/html";
    if (auto read = read_page(page, builder); !read) return std::move(read).error();
    return PageView::own(builder.finish());
  }
  add_names(listing(directory, code), builder);
  if (builder.file_count() == 0) return std::shared_ptr<PageView>();
  return PageView::own(builder.finish());
}

namespace {

constexpr std::size_t kMostOrigins = 255;

// The number of an index of a merged page.
std::uint8_t origin_number(const std::string& url, std::vector<std::string>& origins) {
  const auto known = std::find(origins.begin(), origins.end(), url);
  const auto number = static_cast<std::size_t>(known - origins.begin());
  if (known == origins.end()) {
    if (origins.size() == kMostOrigins) return kMostOrigins - 1;
    origins.push_back(url);
  }
  return static_cast<std::uint8_t>(number);
}

void add_files(const PageView& page, std::vector<std::string>& origins, PageBuilder& builder) {
  for (std::uint32_t i = 0; i < page.file_count(); ++i) {
    const File file = page.file(i);
    const auto metadata_sha256 = page.metadata_sha256(i);
    builder.add({.filename = file.filename,
                 .url = file.url,
                 .requires_python = file.requires_python,
                 .yanked_reason = file.yanked_reason,
                 .sha256 = file.has_sha256 ? &file.sha256 : nullptr,
                 .metadata_sha256 = metadata_sha256 ? &*metadata_sha256 : nullptr,
                 .size = file.size,
                 .upload_time = file.upload_time,
                 .yanked = file.yanked,
                 .core_metadata = file.has_core_metadata,
                 .origin = origin_number(page.index_url_of(i), origins)});
  }
}

}  // namespace

std::shared_ptr<PageView> merged(const pep::Name& name, const std::vector<const PageView*>& pages) {
  PageBuilder builder(name, pages.front()->index_url(), "");
  std::vector<std::string> origins;
  for (const PageView* page : pages) add_files(*page, origins, builder);
  auto view = PageView::own(builder.finish());
  if (view != nullptr && origins.size() > 1) view->set_origins(std::move(origins));
  return view;
}

}  // namespace resolver::index

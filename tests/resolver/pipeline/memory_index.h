// An index in memory for tests that need thousands of them: pages and metadata from texts, read as
// those of a server are.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "resolver/index/client.h"
#include "resolver/index/page_record.h"
#include "resolver/index/simple_api.h"

namespace resolver::pipeline {

class MemoryIndex final : public index::Client {
 public:
  // `json` is a page of PEP 691.
  void add_page(const std::string& name, std::string json) {
    index::PageText text{.body = std::move(json),
                         .content_type = "application/vnd.pypi.simple.v1+json",
                         .url = "https://index.example/simple/" + name + "/"};
    index::PageBuilder builder(pep::Name::of(name), "https://index.example/simple/", text.url);
    if (index::read_page(text, builder))
      pages_[pep::Name::of(name)] = index::PageView::own(builder.finish());
  }
  void add_metadata(const std::string& name, const std::string& version, std::string text) {
    texts_[name + " " + version] = std::move(text);
  }

  pep::Result<const index::Page*> page(const pep::Name& name) override {
    const auto found = pages_.find(name);
    return found == pages_.end() ? nullptr : static_cast<const index::Page*>(found->second.get());
  }
  pep::Result<const pep::Metadata*> metadata(const index::Page& page, std::uint32_t file) override {
    const auto& view = dynamic_cast<const index::PageView&>(page);
    const std::string key =
        page.name().str() + " " + std::string(page.version_text(view.version_of(file)));
    auto& known = metadata_[key];
    if (!known) {
      auto read = pep::Metadata::parse(texts_[key]);
      if (!read) return std::move(read).error();
      if (read->name != page.name())
        return pep::error(pep::Fault::kMalformed, "metadata of another project");
      known = std::make_unique<pep::Metadata>(std::move(*read));
    }
    return static_cast<const pep::Metadata*>(known.get());
  }

  void set_hooks(index::Hooks) override {}
  void want_page(const pep::Name&) override {}
  void want_metadata(const index::Page&, std::uint32_t) override {}
  pep::Status download(const std::string&, const std::array<std::uint8_t, 32>&,
                       const std::string&) override {
    return pep::error(pep::Fault::kInternal, "nothing is downloaded here");
  }
  pep::Result<index::FetchedFile> fetch_file(const std::string&, const std::string&) override {
    return pep::error(pep::Fault::kInternal, "nothing is downloaded here");
  }
  std::optional<std::string> recall(const std::string&) override { return std::nullopt; }
  void remember(const std::string&, std::string_view, bool) override {}
  const index::ClientOptions& options() const override { return options_; }
  index::Statistics statistics() const override { return {}; }
  void close() override {}
  std::vector<std::string> warnings() const override { return {}; }

 private:
  index::ClientOptions options_;
  std::map<pep::Name, std::shared_ptr<index::PageView>> pages_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, std::unique_ptr<pep::Metadata>> metadata_;
};

}  // namespace resolver::pipeline

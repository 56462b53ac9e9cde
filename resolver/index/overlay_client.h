// A client that answers for some names itself: for distributions that requirements point at (a URL,
// a directory, a repository), each the one version of its name; and that lets the metadata of an
// sdist be built where nothing else says what they are. All else is asked of the client below.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "resolver/index/client.h"
#include "resolver/index/page_record.h"

namespace resolver::index {

// One distribution that no index lists.
struct Direct {
  pep::Metadata metadata;
  std::string filename;  // of an archive; empty for a source tree
  std::string url;       // without credentials
  std::optional<Sha256> sha256;
  std::uint64_t size = 0;
};

// METADATA of the sdist, or not_found with the reason why there are none. Called at most once for a
// file.
using MetadataBuilder =
    std::function<pep::Result<std::string>(const pep::Name&, const pep::Version&, const File&)>;

class OverlayClient final : public Client {
 public:
  explicit OverlayClient(std::unique_ptr<Client> below) : below_(std::move(below)) {}

  // Before the first want. Malformed if its file name is none of its project and version.
  pep::Status add(Direct direct);
  // `known` says what an earlier build gave, without building.
  using KnownMetadata = std::function<std::optional<std::string>(const File&)>;
  void set_builder(MetadataBuilder builder, KnownMetadata known) {
    builder_ = std::move(builder);
    known_ = std::move(known);
  }
  Client& below() { return *below_; }
  // Another client that answers for the same names, and builds nothing.
  std::unique_ptr<Client> share(std::unique_ptr<Client> below) const;

  void set_hooks(Hooks hooks) override { below_->set_hooks(std::move(hooks)); }
  void want_page(const pep::Name& name) override;
  pep::Result<const Page*> page(const pep::Name& name) override;
  void want_metadata(const Page& page, std::uint32_t file_number) override;
  pep::Result<const pep::Metadata*> metadata(const Page& page, std::uint32_t file_number) override;
  pep::Status download(const std::string& url, const Sha256& sha256,
                       const std::string& path) override {
    return below_->download(url, sha256, path);
  }
  pep::Result<FetchedFile> fetch_file(const std::string& url, const std::string& path) override {
    return below_->fetch_file(url, path);
  }
  std::optional<std::string> recall(const std::string& key) override { return below_->recall(key); }
  void remember(const std::string& key, std::string_view text, bool immutable) override {
    below_->remember(key, text, immutable);
  }
  const ClientOptions& options() const override { return below_->options(); }
  Statistics statistics() const override { return below_->statistics(); }
  void close() override { below_->close(); }
  std::vector<std::string> warnings() const override { return below_->warnings(); }

 private:
  struct Known {
    std::shared_ptr<PageView> page;
    pep::Metadata metadata;
  };
  pep::Result<const pep::Metadata*> built(const Page& page, std::uint32_t version, const File& file,
                                          const MetadataBuilder& builder);

  std::unique_ptr<Client> below_;
  std::unordered_map<pep::Name, Known> directs_;
  MetadataBuilder builder_;
  KnownMetadata known_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, pep::Result<std::unique_ptr<pep::Metadata>>, std::less<>> built_;  // by URL
};

}  // namespace resolver::index

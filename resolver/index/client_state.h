// The client's memory of one run: what is known, asked for, or failed. Internal to client*.cc.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "resolver/index/claims.h"
#include "resolver/index/client.h"
#include "resolver/index/gate.h"
#include "resolver/index/jobs.h"
#include "resolver/index/metadata_ladder.h"
#include "resolver/index/network.h"
#include "resolver/index/page_record.h"
#include "resolver/index/remote_cache.h"
#include "resolver/index/sources.h"
#include "resolver/index/stored_page.h"

namespace resolver::index {

// For another process that fetches the same.
inline constexpr auto kLongestWaitForOther = std::chrono::seconds(20);

enum class SlotState : std::uint8_t { kIdle, kPending, kReady };

// Fields behind `state` are written by whoever made it kPending, and constant once it is kReady.
struct PageSlot {
  pep::Name name;
  SlotState state = SlotState::kIdle;
  std::shared_ptr<PageView> view;  // null: no index has the name
  std::optional<pep::Error> error;
  std::vector<std::shared_ptr<PageView>>
      found;  // while pending: the answers of the indexes asked so far
  std::atomic<Fetcher::Ticket> ticket = 0;
  bool asked = false;  // by page(); guarded by jobs_.mutex()
  Traffic traffic;
};

struct MetadataSlot {
  SlotState state = SlotState::kIdle;
  std::optional<pep::Metadata> metadata;
  std::optional<pep::Error> error;
  std::atomic<Fetcher::Ticket> ticket = 0;
  bool asked = false;  // by metadata(); guarded by jobs_.mutex()
  Traffic traffic;
};

struct MetadataKey {
  const PageView* page = nullptr;
  std::uint32_t file = 0;
  bool operator==(const MetadataKey&) const = default;
};

struct MetadataKeyHash {
  std::size_t operator()(const MetadataKey& key) const {
    return (reinterpret_cast<std::size_t>(key.page) + key.file) * 0x9E3779B97F4A7C15ull >> 7;
  }
};

// What one index said of one name.
struct IndexAnswer {
  std::shared_ptr<PageView> view;  // null: it has no such name
  std::optional<pep::Error> error;
};

class ClientState final : public Client {
 public:
  explicit ClientState(ClientOptions options);
  ~ClientState() override;

  void set_hooks(Hooks hooks) override { hooks_.set(std::move(hooks)); }
  void want_page(const pep::Name& name) override;
  pep::Result<const Page*> page(const pep::Name& name) override;
  void want_metadata(const Page& page, std::uint32_t file_number) override;
  pep::Result<const pep::Metadata*> metadata(const Page& page, std::uint32_t file_number) override;
  pep::Status download(const std::string& url, const Sha256& sha256,
                       const std::string& path) override;
  pep::Result<FetchedFile> fetch_file(const std::string& url, const std::string& path) override;
  std::optional<std::string> recall(const std::string& key) override;
  void remember(const std::string& key, std::string_view text, bool immutable) override;
  const ClientOptions& options() const override { return options_; }
  Statistics statistics() const override;
  void close() override;
  std::vector<std::string> warnings() const override;

 private:
  // client_pages.cc
  PageSlot& page_slot(const pep::Name& name);
  void start_page(PageSlot& slot);
  void go_on(PageSlot& slot);
  void ask_index(PageSlot& slot, std::size_t number);
  std::optional<StoredPage> find_stored(const PageSlot& slot, std::size_t number, std::int64_t now);
  using SaidAt = std::pair<std::int64_t, std::int64_t>;
  bool wait_for_other(PageSlot& slot, std::size_t number, SaidAt known);
  void request_page(PageSlot& slot, std::size_t number, std::optional<StoredPage> stale);
  IndexAnswer read_response(const PageSlot& slot, std::size_t number, StoredPage* stale,
                            FetchResponse response);
  void on_index(PageSlot& slot, std::size_t number, IndexAnswer answer);
  void finish_page(PageSlot& slot);
  void fail_page(PageSlot& slot, pep::Error error);
  bool prepare_find_links(PageSlot& slot);
  void schedule_flush();
  void make_claims();
  void release_claim(const std::string& key);
  std::shared_ptr<PageView> find_links_page(const pep::Name& name);
  void publish_page(PageSlot& slot);

  // client_download.cc
  void take_whole(const std::string& url, const std::function<bool(std::string_view)>& write);
  pep::Result<FetchedFile> receive(const std::string& url, const Sha256* sha256,
                                   const std::string& path);

  // client_metadata.cc
  MetadataSlot& metadata_slot(const PageView& page, std::uint32_t file_number);
  WantedMetadata wanted(const PageView& page, std::uint32_t file_number) const;
  std::optional<pep::Result<std::string>> local_metadata_file(const PageView& page,
                                                              std::uint32_t file_number,
                                                              const File& file) const;
  bool load_near_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot);
  bool wait_for_others_metadata(const PageView& page, std::uint32_t file_number,
                                MetadataSlot& slot);
  void ask_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot);
  void request_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot);
  void accept_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot,
                       std::string_view text);
  void fail_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot,
                     pep::Error error);
  void publish_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot);

  const ClientOptions options_;
  const Sources sources_;
  const std::int64_t now_;
  std::unique_ptr<Store> store_;  // null: memory only
  std::once_flag claims_once_;
  std::unique_ptr<Claims> claims_;  // made with the first page that is fetched
  std::atomic<bool> busy_ = false;  // this run fetches, or waits for others that do
  Gate<Hooks> hooks_;
  mutable Jobs jobs_;
  Network network_;
  std::unique_ptr<RemoteCache> remote_;            // null: none
  std::unordered_map<pep::Name, PageSlot> pages_;  // guarded by jobs_.mutex()
  std::unordered_map<MetadataKey, MetadataSlot, MetadataKeyHash> metadata_;  // likewise
  std::vector<std::optional<FlatPage>> flats_;  // one per find-links; likewise
  std::vector<PageSlot*> waiting_for_flats_;    // likewise
  std::optional<pep::Error> flat_error_;        // likewise
  bool flats_begun_ = false;                    // likewise
  std::size_t flats_left_ = 0;                  // likewise
  std::atomic<bool> flush_scheduled_ = false;
  std::atomic<std::uint64_t> pages_known_ = 0;
  std::atomic<std::uint64_t> metadata_known_ = 0;
};

}  // namespace resolver::index

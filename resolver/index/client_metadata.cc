// The client's metadata: where a file's metadata come from, and whether they may be believed.
#include <algorithm>
#include <chrono>

#include "resolver/index/checksum.h"
#include "resolver/index/client_state.h"
#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/url.h"
#include "resolver/index/wheel.h"

namespace resolver::index {
namespace {

const PageView& view_of(const Page& page) { return static_cast<const PageView&>(page); }

// The metadata, if they are those of the file.
pep::Result<pep::Metadata> checked(const PageView& page, std::uint32_t file_number,
                                   std::string_view text) {
  const std::string filename(page.file(file_number).filename);
  auto metadata = pep::Metadata::parse(text);
  if (!metadata) {
    pep::Error error = std::move(metadata).error();
    return pep::error(pep::Fault::kMalformed,
                      "the metadata of " + filename + " are invalid: " + error.what);
  }
  if (metadata->name != page.name()) {
    return pep::error(
        pep::Fault::kMalformed,
        "the metadata of " + filename + " are those of another project, " + metadata->name.str());
  }
  const pep::Version version = page.version(page.version_of(file_number));
  if (metadata->version != version) {
    return pep::error(pep::Fault::kMalformed, "the metadata of " + filename +
                                                  " are those of another version, " +
                                                  metadata->version.str());
  }
  return metadata;
}

}  // namespace

MetadataSlot& ClientState::metadata_slot(const PageView& page, std::uint32_t file_number) {
  return metadata_[MetadataKey{.page = &page, .file = file_number}];
}

WantedMetadata ClientState::wanted(const PageView& page, std::uint32_t file_number) const {
  const File file = page.file(file_number);
  WantedMetadata result{
      .name = page.name(), .filename = std::string(file.filename), .url = std::string(file.url)};
  result.kind = file.kind;
  if (file.has_sha256) result.sha256 = file.sha256;
  result.metadata_sha256 = page.metadata_sha256(file_number);
  result.core_metadata = file.has_core_metadata;
  result.size = file.size;
  result.scratch_directory = options_.cache_dir;
  return result;
}

// The metadata file of an index that is a directory: beside the file, or beside the page if the
// file lies elsewhere. None if there is none; an error if it is not the one that was announced.
std::optional<pep::Result<std::string>> ClientState::local_metadata_file(const PageView& page,
                                                                         std::uint32_t file_number,
                                                                         const File& file) const {
  if (!file.has_core_metadata) return std::nullopt;
  std::string path;
  if (is_local(file.url)) {
    path = local_path(file.url);
  } else {
    const std::string& index = page.index_url_of(file_number);
    const auto source =
        std::find_if(sources_.indexes.begin(), sources_.indexes.end(),
                     [&](const Source& one) { return one.local && one.shown == index; });
    if (source == sources_.indexes.end() || file.filename.find('/') != std::string_view::npos)
      return std::nullopt;
    path = local_path(source->base) + page.name().str() + "/" + std::string(file.filename);
  }
  path += ".metadata";
  const auto text = MappedFile::open(path);
  if (!text) return std::nullopt;
  const auto stated = page.metadata_sha256(file_number);
  if (stated && sha256_of(text->bytes()) != *stated) {
    return pep::error(pep::Fault::kIntegrity,
                      path + " does not match its hash: the index says sha256 " + hex(*stated));
  }
  return std::string(text->bytes());
}

// From this machine, at once. False if it is not here.
bool ClientState::load_near_metadata(const PageView& page, std::uint32_t file_number,
                                     MetadataSlot& slot) {
  const File file = page.file(file_number);
  if (const auto text = local_metadata_file(page, file_number, file)) {
    if (*text) {
      accept_metadata(page, file_number, slot, **text);
    } else {
      fail_metadata(page, file_number, slot, text->error());
    }
    return true;
  }
  if (is_local(file.url)) {
    const auto text = local_metadata(wanted(page, file_number));
    if (text) {
      accept_metadata(page, file_number, slot, *text);
    } else {
      fail_metadata(page, file_number, slot, text.error());
    }
    return true;
  }
  if (store_ != nullptr) {
    if (const auto record = store_->find(RecordType::kMetadata, metadata_key(file))) {
      accept_metadata(page, file_number, slot,
                      {reinterpret_cast<const char*>(record->eager.data()), record->eager.size()});
      return true;
    }
  }
  if (!options_.offline) return false;
  fail_metadata(page, file_number, slot,
                pep::error(pep::Fault::kUnreachable,
                           "the metadata of " + std::string(file.filename) +
                               " are not in the store, and --offline forbids to ask for them"));
  return true;
}

// As with pages: true if another process fetches them already, and `slot` goes on when that has
// happened, or has not for too long.
bool ClientState::wait_for_others_metadata(const PageView& page, std::uint32_t file_number,
                                           MetadataSlot& slot) {
  if (store_ == nullptr) return false;
  make_claims();
  const std::string key = metadata_key(page.file(file_number));
  const std::uint64_t hash = checksum(key);
  const auto committed = [this, &page, file_number, &slot, key, hash] {
    store_->reload();
    const auto record = store_->find(RecordType::kMetadata, key);
    if (!record) return false;
    claims_->release(hash);
    accept_metadata(page, file_number, slot,
                    {reinterpret_cast<const char*>(record->eager.data()), record->eager.size()});
    return true;
  };
  if (claims_->take(hash)) return committed();
  const auto deadline = std::chrono::steady_clock::now() + kLongestWaitForOther;
  jobs_.poll([this, &page, file_number, &slot, hash, committed, deadline] {
    // The claim is given back after the commit: until then there is nothing to be seen.
    if (!claims_->take(hash) && std::chrono::steady_clock::now() < deadline) return false;
    if (!committed()) ask_metadata(page, file_number, slot);
    return true;
  });
  return true;
}

void ClientState::request_metadata(const PageView& page, std::uint32_t file_number,
                                   MetadataSlot& slot) {
  busy_ = true;
  if (!wait_for_others_metadata(page, file_number, slot)) ask_metadata(page, file_number, slot);
}

void ClientState::ask_metadata(const PageView& page, std::uint32_t file_number,
                               MetadataSlot& slot) {
  const std::string key = metadata_key(page.file(file_number));
  const auto take = [this, &page, file_number, &slot, key](pep::Result<std::string> text) {
    if (!text) {
      release_claim(key);
      return fail_metadata(page, file_number, slot, std::move(text).error());
    }
    const std::string kept = condensed(*text);
    if (store_ != nullptr) store_->put(RecordType::kMetadata, key, {kept}, 0);
    release_claim(key);
    accept_metadata(page, file_number, slot, kept);
  };
  WantedMetadata wish = wanted(page, file_number);
  wish.traffic = &slot.traffic;
  if (remote_ == nullptr || !remote_->usable()) {
    slot.ticket = fetch_metadata(network_, std::move(wish), take);
    return;
  }
  const auto origin = [this, wish](const RemoteCache::Done& done) {
    fetch_metadata(network_, wish, [done](pep::Result<std::string> text) {
      FetchResponse response;
      if (text) {
        response.status = 200;
        response.body = *std::move(text);
      } else {
        response.error = std::move(text).error();
      }
      done(std::move(response));
    });
  };
  remote_->obtain("metadata", key, true, origin, [take](FetchResponse response) {
    take(response.error ? pep::Result<std::string>(*std::move(response.error))
                        : pep::Result<std::string>(std::move(response.body)));
  });
}

void ClientState::accept_metadata(const PageView& page, std::uint32_t file_number,
                                  MetadataSlot& slot, std::string_view text) {
  auto metadata = checked(page, file_number, text);
  if (!metadata) return fail_metadata(page, file_number, slot, std::move(metadata).error());
  slot.metadata = std::move(*metadata);
  publish_metadata(page, file_number, slot);
}

void ClientState::fail_metadata(const PageView& page, std::uint32_t file_number, MetadataSlot& slot,
                                pep::Error error) {
  slot.error = std::move(error);
  publish_metadata(page, file_number, slot);
}

void ClientState::publish_metadata(const PageView& page, std::uint32_t file_number,
                                   MetadataSlot& slot) {
  if (slot.metadata) metadata_known_.fetch_add(1, std::memory_order_relaxed);
  jobs_.publish([&] { slot.state = SlotState::kReady; });
  if (!slot.metadata || !busy_) return;
  hooks_.call([&](const Hooks& hooks) {
    if (hooks.on_metadata) hooks.on_metadata(page, file_number, *slot.metadata);
  });
}

void ClientState::want_metadata(const Page& page, std::uint32_t file_number) {
  const PageView& view = view_of(page);
  if (file_number >= view.file_count()) return;
  MetadataSlot* slot = nullptr;
  {
    const std::lock_guard lock(jobs_.mutex());
    slot = &metadata_slot(view, file_number);
    if (slot->state != SlotState::kIdle) return;
    slot->state = SlotState::kPending;
  }
  const auto start = [this, &view, file_number, slot] {
    if (!load_near_metadata(view, file_number, *slot)) request_metadata(view, file_number, *slot);
  };
  if (busy_) {
    jobs_.post(start);  // hooks are called, so not on the caller's stack
  } else {
    start();
  }
}

pep::Result<const pep::Metadata*> ClientState::metadata(const Page& page,
                                                        std::uint32_t file_number) {
  const PageView& view = view_of(page);
  if (file_number >= view.file_count())
    return pep::error(pep::Fault::kInternal, "no such file on the page");
  MetadataSlot* slot = nullptr;
  bool mine = false;
  {
    const std::lock_guard lock(jobs_.mutex());
    slot = &metadata_slot(view, file_number);
    slot->asked = true;
    mine = slot->state == SlotState::kIdle;
    if (mine) slot->state = SlotState::kPending;
  }
  if (mine && !load_near_metadata(view, file_number, *slot))
    request_metadata(view, file_number, *slot);
  if (!mine) network_.promote(slot->ticket);
  jobs_.work_until([slot] { return slot->state == SlotState::kReady; });
  if (slot->error) return *slot->error;
  return &*slot->metadata;
}

}  // namespace resolver::index

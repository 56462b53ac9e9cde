// The client's pages: which index is asked when, and what its answer means.
#include <chrono>
#include <limits>
#include <utility>

#include "resolver/index/checksum.h"
#include "resolver/index/client_state.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

constexpr const char* kAccept =
    "Accept: application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
    "text/html;q=0.01";
constexpr std::uint64_t kPageLimit = std::uint64_t{64} << 20;
constexpr std::int64_t kNeverFresh = std::numeric_limits<std::int64_t>::max();

// When a page was fetched and until when it is fresh, which changes when it is confirmed.
std::pair<std::int64_t, std::int64_t> when_said(const std::optional<StoredPage>& page) {
  if (!page) return {-1, -1};
  return {page->record.stored_at, page->record.expires};
}

pep::Error offline_error(const std::string& what) {
  return pep::error(pep::Fault::kUnreachable,
                    what + " is not in the store, and --offline forbids to ask for it");
}

}  // namespace

PageSlot& ClientState::page_slot(const pep::Name& name) {
  PageSlot& slot = pages_[name];
  if (slot.name.empty()) slot.name = name;
  return slot;
}

void ClientState::want_page(const pep::Name& name) {
  PageSlot* slot = nullptr;
  {
    const std::lock_guard lock(jobs_.mutex());
    slot = &page_slot(name);
    if (slot->state != SlotState::kIdle) return;
    slot->state = SlotState::kPending;
  }
  // A warm run starts no thread: what is near is read here. Otherwise hooks are called, so not on
  // the caller's stack.
  if (busy_) {
    jobs_.post([this, slot] { start_page(*slot); });
  } else {
    start_page(*slot);
  }
}

pep::Result<const Page*> ClientState::page(const pep::Name& name) {
  PageSlot* slot = nullptr;
  bool mine = false;
  {
    const std::lock_guard lock(jobs_.mutex());
    slot = &page_slot(name);
    slot->asked = true;
    mine = slot->state == SlotState::kIdle;
    if (mine) slot->state = SlotState::kPending;
  }
  if (mine) start_page(*slot);
  if (!mine) network_.promote(slot->ticket);
  jobs_.work_until([slot] { return slot->state == SlotState::kReady; });
  if (slot->error) return *slot->error;
  return static_cast<const Page*>(slot->view.get());
}

void ClientState::start_page(PageSlot& slot) {
  if (prepare_find_links(slot)) go_on(slot);
}

void ClientState::go_on(PageSlot& slot) {
  std::optional<pep::Error> error;
  {
    const std::lock_guard lock(jobs_.mutex());
    error = flat_error_;
  }
  if (error) return fail_page(slot, std::move(*error));
  ask_index(slot, 0);
}

// Asks index `number`; with first-match, the next one is asked when this one does not have the
// name.
void ClientState::ask_index(PageSlot& slot, std::size_t number) {
  if (const auto only = options_.only_index.find(slot.name); only != options_.only_index.end())
    number = number <= only->second ? only->second : sources_.indexes.size();
  if (number >= sources_.indexes.size()) return finish_page(slot);
  const Source& source = sources_.indexes[number];
  if (source.local) {
    auto view = read_local_page(source, slot.name);
    IndexAnswer answer;
    if (view) {
      answer.view = std::move(*view);
    } else {
      answer.error = std::move(view).error();
    }
    return on_index(slot, number, std::move(answer));
  }
  std::optional<StoredPage> stored;
  if (store_ != nullptr) stored = find_stored(slot, number, options_.refresh ? kNeverFresh : now_);
  const bool fresh =
      stored && (options_.offline || (!options_.refresh && is_fresh(stored->record, now_)));
  if (fresh) return on_index(slot, number, {.view = std::move(stored->view), .error = {}});
  if (options_.offline) {
    return on_index(slot, number,
                    {.view = {}, .error = offline_error("the page of " + slot.name.str())});
  }
  if (store_ != nullptr && !options_.refresh && wait_for_other(slot, number, when_said(stored)))
    return;
  request_page(slot, number, std::move(stored));
}

std::optional<StoredPage> ClientState::find_stored(const PageSlot& slot, std::size_t number,
                                                   std::int64_t now) {
  const Source& source = sources_.indexes[number];
  auto stored = find_page(*store_, page_key(source.key, slot.name), now);
  // It may have been stored under another spelling of the index.
  if (stored && stored->view != nullptr) stored->view->set_index_url(source.shown);
  return stored;
}

// Claims the page; true if another process fetches it already, and `slot` goes on when that has
// happened. `known` is when what the store said before was said: what came since then counts even
// if it has to be asked again by the next run.
bool ClientState::wait_for_other(PageSlot& slot, std::size_t number, SaidAt known) {
  make_claims();
  const std::uint64_t hash = checksum(page_key(sources_.indexes[number].key, slot.name));
  const bool claimed = claims_->take(hash);
  const auto committed = [this, &slot, number, known] {
    store_->reload();
    auto stored = find_stored(slot, number, now_);
    const bool good = stored && (is_fresh(stored->record, now_) || when_said(stored) != known);
    return good ? std::move(stored) : std::nullopt;
  };
  if (claimed) {
    // It may have been committed since we looked.
    auto stored = committed();
    if (!stored) return false;
    claims_->release(hash);
    on_index(slot, number, {.view = std::move(stored->view), .error = {}});
    return true;
  }
  busy_ = true;
  const auto deadline = std::chrono::steady_clock::now() + kLongestWaitForOther;
  jobs_.poll([this, &slot, number, hash, committed, deadline] {
    // The claim is given back after the commit: until then there is nothing to be seen.
    const bool mine = claims_->take(hash);
    if (!mine && std::chrono::steady_clock::now() < deadline) return false;
    if (auto stored = committed()) {
      if (mine) claims_->release(hash);
      on_index(slot, number, {.view = std::move(stored->view), .error = {}});
      return true;
    }
    request_page(slot, number, find_stored(slot, number, now_));
    return true;
  });
  return true;
}

void ClientState::request_page(PageSlot& slot, std::size_t number,
                               std::optional<StoredPage> stale) {
  busy_ = true;
  FetchRequest request;
  request.url = sources_.indexes[number].base + slot.name.str() + "/";
  request.headers = {kAccept};
  request.limit = kPageLimit;
  request.traffic = &slot.traffic;
  std::shared_ptr<StoredPage> known;
  if (stale) {
    if (!stale->etag.empty())
      request.headers.push_back("If-None-Match: " + std::string(stale->etag));
    if (!stale->last_modified.empty()) {
      request.headers.push_back("If-Modified-Since: " + std::string(stale->last_modified));
    }
    known = std::make_shared<StoredPage>(std::move(*stale));
  }
  auto handle = [this, &slot, number, known](FetchResponse response) {
    IndexAnswer answer = read_response(slot, number, known.get(), std::move(response));
    release_claim(page_key(sources_.indexes[number].key, slot.name));
    on_index(slot, number, std::move(answer));
  };
  if (remote_ == nullptr || !remote_->usable()) {
    slot.ticket = network_.get(std::move(request), std::move(handle));
    return;
  }
  request.headers = {kAccept};  // others want the whole answer
  remote_->obtain(
      "page", page_key(sources_.indexes[number].key, slot.name), false,
      [this, request](const RemoteCache::Done& done) { network_.get(request, done); },
      std::move(handle));
}

IndexAnswer ClientState::read_response(const PageSlot& slot, std::size_t number, StoredPage* stale,
                                       FetchResponse response) {
  if (response.error) return {.view = {}, .error = std::move(response.error)};
  const Source& source = sources_.indexes[number];
  const bool has_validators = !response.etag.empty() || !response.last_modified.empty();
  const std::int64_t expires =
      expiry(response.cache_control, has_validators, now_, options_.fresh_for);
  const std::string key = store_ != nullptr ? page_key(source.key, slot.name) : std::string();
  if (response.status == 404 || response.status == 410) {
    if (store_ != nullptr) {
      const std::int64_t until = expiry(response.cache_control, false, now_, options_.fresh_for);
      if (stale != nullptr && stale->view == nullptr) {
        store_->touch(stale->record, until);
      } else {
        store_->put(RecordType::kAbsent, key, {}, until);
      }
      schedule_flush();
    }
    return {};
  }
  if (response.status == 304 && stale != nullptr && stale->view != nullptr) {
    store_->touch(stale->record, expires);
    schedule_flush();
    return {.view = std::move(stale->view), .error = {}};
  }
  if (response.status != 200) {
    return {.view = {},
            .error = status_error(source.base + slot.name.str() + "/", response.status)};
  }
  auto body = decode_body(std::move(response.body), response.encoding, kPageLimit, response.url);
  if (!body) return {.view = {}, .error = std::move(body).error()};
  PageText text{.body = std::move(*body),
                .content_type = std::move(response.content_type),
                .url = std::move(response.url)};
  PageBuilder builder(slot.name, source.shown, text.url);
  if (auto read = read_page(text, builder); !read)
    return {.view = {}, .error = std::move(read).error()};
  IndexAnswer answer{.view = PageView::own(builder.finish()), .error = {}};
  // What an index without validators says again is not written again.
  if (stale != nullptr && stale->etag == response.etag &&
      stale->last_modified == response.last_modified && stale->view != nullptr &&
      stale->view->is_same(*answer.view)) {
    store_->touch(stale->record, expires);
    schedule_flush();
    return {.view = std::move(stale->view), .error = {}};
  }
  if (store_ != nullptr) {
    put_page(*store_, key, answer.view, response.etag, response.last_modified, expires);
    schedule_flush();
  }
  return answer;
}

void ClientState::on_index(PageSlot& slot, std::size_t number, IndexAnswer answer) {
  if (answer.error) return fail_page(slot, std::move(*answer.error));
  const bool found = answer.view != nullptr;
  if (found) slot.found.push_back(std::move(answer.view));
  if (found && !options_.best_match) return finish_page(slot);
  ask_index(slot, number + 1);
}

void ClientState::finish_page(PageSlot& slot) {
  std::shared_ptr<PageView> flat;
  if (!sources_.find_links.empty()) flat = find_links_page(slot.name);
  std::vector<const PageView*> parts;
  for (const auto& view : slot.found) parts.push_back(view.get());
  if (flat != nullptr) parts.push_back(flat.get());
  if (parts.size() > 1) {
    slot.view = merged(slot.name, parts);
  } else if (flat != nullptr) {
    slot.view = std::move(flat);
  } else if (!slot.found.empty()) {
    slot.view = std::move(slot.found.front());
  }
  slot.found.clear();
  publish_page(slot);
}

void ClientState::fail_page(PageSlot& slot, pep::Error error) {
  slot.error = std::move(error);
  publish_page(slot);
}

void ClientState::publish_page(PageSlot& slot) {
  if (slot.view != nullptr) pages_known_.fetch_add(1, std::memory_order_relaxed);
  jobs_.publish([&] { slot.state = SlotState::kReady; });
  if (slot.view == nullptr || !busy_) return;
  hooks_.call([&](const Hooks& hooks) {
    if (hooks.on_page) hooks.on_page(*slot.view);
  });
}

// Whether all find-links are known; if not, `slot` goes on when they are.
bool ClientState::prepare_find_links(PageSlot& slot) {
  if (sources_.find_links.empty()) return true;
  std::vector<std::size_t> remote;
  {
    const std::lock_guard lock(jobs_.mutex());
    if (flats_begun_) {
      if (flats_left_ == 0) return true;
      waiting_for_flats_.push_back(&slot);
      return false;
    }
    flats_begun_ = true;
    for (std::size_t i = 0; i < sources_.find_links.size(); ++i) {
      const Source& source = sources_.find_links[i];
      if (source.local) {
        auto flat = FlatPage::read(source);
        if (flat) {
          flats_[i] = std::move(*flat);
        } else {
          flat_error_ = std::move(flat).error();
        }
      } else if (options_.offline) {
        flat_error_ = offline_error(source.shown);
      } else {
        remote.push_back(i);
      }
    }
    if (remote.empty()) return true;
    flats_left_ = remote.size();
    waiting_for_flats_.push_back(&slot);
  }
  for (const std::size_t i : remote) {
    FetchRequest request{.url = sources_.find_links[i].base,
                         .headers = {kAccept},
                         .range = {},
                         .limit = kPageLimit,
                         .sink = {},
                         .restart = {}};
    network_.get(std::move(request), [this, i](FetchResponse response) {
      std::optional<FlatPage> flat;
      std::optional<pep::Error> error = std::move(response.error);
      if (!error && response.status != 200)
        error = status_error(sources_.find_links[i].base, response.status);
      if (!error) {
        auto body =
            decode_body(std::move(response.body), response.encoding, kPageLimit, response.url);
        if (body) {
          flat.emplace(PageText{.body = std::move(*body),
                                .content_type = response.content_type,
                                .url = response.url});
        } else {
          error = std::move(body).error();
        }
      }
      std::vector<PageSlot*> waiting;
      {
        const std::lock_guard lock(jobs_.mutex());
        flats_[i] = std::move(flat);
        if (error) flat_error_ = std::move(error);
        if (--flats_left_ == 0) waiting.swap(waiting_for_flats_);
      }
      for (PageSlot* next : waiting) go_on(*next);
    });
  }
  return false;
}

std::shared_ptr<PageView> ClientState::find_links_page(const pep::Name& name) {
  std::shared_ptr<PageView> result;
  for (std::size_t i = 0; i < flats_.size(); ++i) {
    if (!flats_[i]) continue;
    PageBuilder builder(name, sources_.find_links[i].shown, "");
    if (auto added = flats_[i]->add_to(builder); !added || builder.file_count() == 0) continue;
    auto view = PageView::own(builder.finish());
    result = result == nullptr ? std::move(view) : merged(name, {result.get(), view.get()});
  }
  return result;
}

}  // namespace resolver::index

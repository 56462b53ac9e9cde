// The Fetcher on libcurl's multi interface; the only file that includes curl.
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "resolver/index/fetch.h"
#include "resolver/index/fetch_headers.h"

namespace resolver::index {
namespace {

using Clock = std::chrono::steady_clock;

struct Transfer {
  FetchRequest request;
  Fetcher::Done done;
  Fetcher::Ticket ticket = 0;
  FetchResponse response;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
  std::string retry_after;
  char message[CURL_ERROR_SIZE] = {};
  int attempt = 0;
  Clock::time_point not_before;
  bool too_large = false;
};

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {  // of a redirect or an interim answer: forget what came before
    FetchResponse fresh;
    transfer.response = std::move(fresh);
    transfer.retry_after.clear();
    return size;
  }
  take_header(line, transfer.response, transfer.retry_after);
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.request.sink) {
    long status = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 || status == 206) {
      transfer.response.refused = !transfer.request.sink(status, {data, size});
      return transfer.response.refused ? 0 : size;
    }
  }
  std::string& body = transfer.response.body;
  if (body.empty()) {
    curl_off_t length = -1;
    curl_easy_getinfo(transfer.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > 0 && static_cast<std::uint64_t>(length) <= transfer.request.limit) {
      body.reserve(static_cast<std::size_t>(length) + 64);
    }
  }
  if (body.size() + size > transfer.request.limit) {
    transfer.too_large = true;
    return 0;
  }
  body.append(data, size);
  return size;
}

bool may_recover(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
      return true;
    default:
      return false;
  }
}

class CurlFetcher final : public Fetcher {
 public:
  explicit CurlFetcher(FetchOptions options) : options_(std::move(options)), netrc_(netrc_path()) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    if (options_.ca_bundle.empty()) options_.ca_bundle = find_ca_bundle();
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, long{CURLPIPE_MULTIPLEX});
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, long{options_.connections});
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, long{options_.connections} + 16);
    thread_ = std::thread([this] { run(); });
  }

  ~CurlFetcher() override { stop(); }

  void stop() override {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    for (auto& [handle, transfer] : active_) release(*transfer);
    active_.clear();
    for (CURL* handle : idle_) curl_easy_cleanup(handle);
    curl_multi_cleanup(multi_);
  }

  Ticket submit(FetchRequest request, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->done = std::move(done);
    Ticket ticket = 0;
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return 0;
      ticket = transfer->ticket = ++last_ticket_;
      wake = submitted_.empty();
      submitted_.push_back(std::move(transfer));
    }
    if (wake) curl_multi_wakeup(multi_);
    return ticket;
  }

  void promote(Ticket ticket) override {
    const std::lock_guard lock(mutex_);
    promoted_.push_back(ticket);
  }

 private:
  void run() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the main thread's
    while (take_submissions()) {
      start_pending();
      int running = 0;
      curl_multi_perform(multi_, &running);
      while (read_finished()) start_pending();
      curl_multi_poll(multi_, nullptr, 0, next_wait(), nullptr);
    }
  }

  bool take_submissions() {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    for (auto& transfer : submitted_) pending_.push_back(std::move(transfer));
    submitted_.clear();
    for (const Ticket ticket : promoted_) {
      const auto found = std::find_if(pending_.begin(), pending_.end(),
                                      [&](const auto& t) { return t->ticket == ticket; });
      if (found == pending_.end()) continue;
      auto transfer = std::move(*found);
      pending_.erase(found);
      pending_.push_front(std::move(transfer));
    }
    promoted_.clear();
    return true;
  }

  void start_pending() {
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0;
         i < pending_.size() && active_.size() < static_cast<std::size_t>(options_.connections);) {
      if (pending_[i]->not_before > now) {
        ++i;
        continue;
      }
      auto transfer = std::move(pending_[i]);
      pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
      begin(std::move(transfer));
    }
  }

  int next_wait() const {
    int wait = 1000;
    if (active_.size() >= static_cast<std::size_t>(options_.connections)) return wait;
    const Clock::time_point now = Clock::now();
    for (const auto& transfer : pending_) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(transfer->not_before - now).count();
      wait = std::min(wait, static_cast<int>(std::max<std::int64_t>(left, 0)));
    }
    return wait;
  }

  void begin(std::unique_ptr<Transfer> owned) {
    Transfer& transfer = *owned;
    if (idle_.empty()) {
      transfer.handle = curl_easy_init();
    } else {
      transfer.handle = idle_.back();
      idle_.pop_back();
    }
    transfer.response = {};
    transfer.retry_after.clear();
    transfer.message[0] = '\0';
    if (transfer.request.restart) transfer.request.restart();
    std::string url = transfer.request.url;
    const Credentials credentials = credentials_for(url);
    set_options(transfer, url, credentials);
    counted(transfer).requests.fetch_add(1, std::memory_order_relaxed);
    CURL* handle = transfer.handle;
    active_.emplace(handle, std::move(owned));
    curl_multi_add_handle(multi_, handle);
  }

  Traffic& counted(const Transfer& transfer) {
    return transfer.request.traffic == nullptr ? traffic : *transfer.request.traffic;
  }

  Credentials credentials_for(std::string& url) const {
    Credentials own = take_credentials(url);
    if (!own.empty()) return own;
    const std::string_view origin = origin_of(url);
    for (const auto& [known, credentials] : options_.credentials) {
      if (known == origin) return credentials;
    }
    return {};
  }

  void set_options(Transfer& transfer, const std::string& url, const Credentials& credentials) {
    CURL* handle = transfer.handle;
    for (const std::string& header : transfer.request.headers) {
      transfer.headers = curl_slist_append(transfer.headers, header.c_str());
    }
    if (transfer.request.compressed) {
      transfer.headers = curl_slist_append(transfer.headers, "Accept-Encoding: zstd, br, gzip");
    }
    const auto set = [&](CURLoption option, auto value) {
      curl_easy_setopt(handle, option, value);
    };
    set(CURLOPT_URL, url.c_str());
    if (const std::string& method = transfer.request.method; !method.empty() && method != "GET") {
      set(CURLOPT_CUSTOMREQUEST, method.c_str());
      if (method == "PUT") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.request.payload.size()));
        set(CURLOPT_POSTFIELDS, transfer.request.payload.data());
        transfer.headers = curl_slist_append(transfer.headers, "Expect:");
        set(CURLOPT_HTTPHEADER, transfer.headers);
      }
    }
    set(CURLOPT_HTTPHEADER, transfer.headers);
    set(CURLOPT_USERAGENT, "seshat");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, 10L);
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
    set(CURLOPT_PIPEWAIT, url.starts_with("https:") ? 1L : 0L);
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // decoded by whoever reads the body
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout * 1000));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(options_.timeout)));
    set(CURLOPT_BUFFERSIZE, 128L << 10);
    set(CURLOPT_ERRORBUFFER, transfer.message);
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
    if (!transfer.request.range.empty()) set(CURLOPT_RANGE, transfer.request.range.c_str());
    if (!credentials.empty()) {
      set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
      set(CURLOPT_USERNAME, credentials.user.c_str());
      set(CURLOPT_PASSWORD, credentials.password.c_str());
    } else if (!netrc_.empty()) {
      set(CURLOPT_NETRC, long{CURL_NETRC_OPTIONAL});
      set(CURLOPT_NETRC_FILE, netrc_.c_str());
    }
    if (!options_.proxy.empty()) {
      set(CURLOPT_PROXY, options_.proxy.c_str());
    } else if (url.starts_with("http:")) {
      // libcurl knows the lower-case name only, as a CGI program must not trust the other.
      const char* proxy = std::getenv("HTTP_PROXY");
      const bool trusted_name = std::getenv("http_proxy") == nullptr &&
                                std::getenv("all_proxy") == nullptr &&
                                std::getenv("REQUEST_METHOD") == nullptr;
      if (proxy != nullptr && *proxy != '\0' && trusted_name) set(CURLOPT_PROXY, proxy);
    }
    if (!options_.client_certificate.empty()) {
      set(CURLOPT_SSLCERT, options_.client_certificate.c_str());
      set(CURLOPT_SSLKEY, options_.client_certificate.c_str());
    }
    if (!options_.ca_bundle.empty()) set(CURLOPT_CAINFO, options_.ca_bundle.c_str());
    if (trusted(url)) {
      set(CURLOPT_SSL_VERIFYPEER, 0L);
      set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
  }

  bool trusted(std::string_view url) const {
    const std::string_view host = host_of(url);
    const std::string_view bare = host.substr(0, host.rfind(':'));
    return std::any_of(options_.trusted_hosts.begin(), options_.trusted_hosts.end(),
                       [&](const std::string& known) { return known == host || known == bare; });
  }

  void release(Transfer& transfer) {
    curl_multi_remove_handle(multi_, transfer.handle);
    curl_easy_reset(transfer.handle);
    idle_.push_back(transfer.handle);
    transfer.handle = nullptr;
    curl_slist_free_all(transfer.headers);
    transfer.headers = nullptr;
  }

  // Whether anything was finished.
  bool read_finished() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      const CURLcode code = message->data.result;
      const auto found = active_.find(message->easy_handle);
      auto transfer = std::move(found->second);
      active_.erase(found);
      finish(std::move(transfer), code);
    }
    return any;
  }

  void finish(std::unique_ptr<Transfer> owned, CURLcode code) {
    Transfer& transfer = *owned;
    FetchResponse& response = transfer.response;
    curl_easy_getinfo(transfer.handle, CURLINFO_RESPONSE_CODE, &response.status);
    const char* url = nullptr;
    curl_easy_getinfo(transfer.handle, CURLINFO_EFFECTIVE_URL, &url);
    response.url = url == nullptr ? "" : url;
    take_credentials(response.url);
    curl_off_t received = 0;
    curl_easy_getinfo(transfer.handle, CURLINFO_SIZE_DOWNLOAD_T, &received);
    counted(transfer).bytes.fetch_add(static_cast<std::uint64_t>(received),
                                      std::memory_order_relaxed);
    release(transfer);
    const bool again = code == CURLE_OK ? worth_a_retry(response.status)
                                        : may_recover(code) && !transfer.too_large;
    if (again && transfer.request.retry && transfer.attempt < options_.retries &&
        wait_before_retry(transfer)) {
      pending_.push_back(std::move(owned));
      return;
    }
    if (code != CURLE_OK && !response.refused) response.error = transport_error(transfer, code);
    if (response.error) response.status = 0;
    transfer.done(std::move(response));
  }

  // Sets when to try again; false if the server asks for more patience than we have.
  static bool wait_before_retry(Transfer& transfer) {
    const auto wait = retry_delay(transfer.attempt, transfer.retry_after);
    if (!wait) return false;
    ++transfer.attempt;
    transfer.not_before = Clock::now() + *wait;
    return true;
  }

  pep::Error transport_error(const Transfer& transfer, CURLcode code) const {
    const std::string where = redacted(transfer.request.url);
    if (transfer.too_large) {
      return pep::error(pep::Fault::kMalformed, where + " is larger than " +
                                                    std::to_string(transfer.request.limit >> 20) +
                                                    " MiB; no index page should be");
    }
    if (code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING) {
      return pep::error(pep::Fault::kUnreachable,
                        where + " was cut short: the server closed the connection early");
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
      return pep::error(pep::Fault::kUnreachable, where + " did not answer in time");
    }
    const std::string detail =
        transfer.message[0] != '\0' ? transfer.message : curl_easy_strerror(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
      return pep::error(
          pep::Fault::kUnreachable,
          "the certificate of " + where + " is not trusted (" + detail +
              "): name the right bundle with --cert, or the host with --trusted-host");
    }
    return pep::error(pep::Fault::kUnreachable, where + " cannot be reached: " + detail);
  }

  FetchOptions options_;
  const std::string netrc_;
  CURLM* multi_ = nullptr;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> submitted_;  // guarded by mutex_, like the next three
  std::vector<Ticket> promoted_;
  Ticket last_ticket_ = 0;
  bool stopping_ = false;
  std::deque<std::unique_ptr<Transfer>> pending_;  // the background thread's, like the next two
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active_;
  std::vector<CURL*> idle_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Fetcher> Fetcher::start(FetchOptions options) {
  return std::make_unique<CurlFetcher>(std::move(options));
}

}  // namespace resolver::index

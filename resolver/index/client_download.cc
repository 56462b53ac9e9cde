// Whole files into a directory: streamed, verified, resumed, renamed into place.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "resolver/index/client_state.h"
#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/url.h"

namespace resolver::index {
namespace {

// A file that appears under its name only when it is whole.
class Target {
 public:
  explicit Target(std::string path) : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
    descriptor_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
    if (descriptor_ < 0) failure_ = errno;
  }
  ~Target() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!kept_) ::unlink(temporary_.c_str());
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  bool write(std::string_view piece) {
    hasher_->add(piece);
    while (!piece.empty()) {
      const ssize_t n = ::write(descriptor_, piece.data(), piece.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        failure_ = errno;
        return false;
      }
      size_ += static_cast<std::uint64_t>(n);
      piece.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void restart() {
    if (size_ == 0 || descriptor_ < 0) return;
    if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0)
      failure_ = errno;
    hasher_ = std::make_unique<Sha256Hasher>();
    finished_.reset();
    size_ = 0;
  }
  // Whether all that was written is that; nothing may be written afterwards but after restart().
  bool is(const Sha256& expected) {
    if (!finished_) finished_ = hasher_->finish();
    return *finished_ == expected;
  }
  // `expected` may be null.
  pep::Result<FetchedFile> keep(const Sha256* expected, const std::string& url) {
    const Sha256 actual = finished_ ? *finished_ : hasher_->finish();
    if (expected != nullptr && actual != *expected) {
      return pep::error(pep::Fault::kIntegrity,
                        redacted(url) + " does not match its hash: expected is sha256 " +
                            hex(*expected) + ", received was " + hex(actual));
    }
    if (::fchmod(descriptor_, 0644) != 0 || ::fsync(descriptor_) != 0 ||
        ::rename(temporary_.c_str(), path_.c_str()) != 0) {
      failure_ = errno;
      return failed();
    }
    kept_ = true;
    return FetchedFile{.sha256 = actual, .size = size_};
  }
  bool good() const { return failure_ == 0; }
  pep::Error failed() const {
    return pep::error(pep::Fault::kIo, path_ + " cannot be written: " + std::strerror(failure_));
  }
  std::uint64_t size() const { return size_; }

 private:
  const std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
  int failure_ = 0;
  bool kept_ = false;
  std::uint64_t size_ = 0;
  std::unique_ptr<Sha256Hasher> hasher_ = std::make_unique<Sha256Hasher>();
  std::optional<Sha256> finished_;
};

}  // namespace

pep::Status ClientState::download(const std::string& url, const Sha256& sha256,
                                  const std::string& path) {
  auto received = receive(url, &sha256, path);
  if (!received) return std::move(received).error();
  return pep::Done{};
}

pep::Result<FetchedFile> ClientState::fetch_file(const std::string& url, const std::string& path) {
  return receive(url, nullptr, path);
}

std::optional<std::string> ClientState::recall(const std::string& key) {
  if (store_ == nullptr) return std::nullopt;
  const auto record = store_->find(RecordType::kMetadata, "note:" + key);
  if (!record) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(record->eager.data()), record->eager.size());
  const std::size_t end = text.find('\n');
  if (end == std::string::npos) return std::nullopt;
  const std::int64_t expires = std::strtoll(text.c_str(), nullptr, 10);
  const bool fresh = expires == 0 || (expires > now_ && !options_.refresh) || options_.offline;
  if (!fresh) return std::nullopt;
  return text.substr(end + 1);
}

void ClientState::remember(const std::string& key, std::string_view text, bool immutable) {
  if (store_ == nullptr) return;
  const std::int64_t expires = immutable ? 0 : now_ + options_.fresh_for;
  const std::string kept = std::to_string(expires) + "\n" + std::string(text);
  store_->put(RecordType::kMetadata, "note:" + key, {kept}, 0);
  schedule_flush();
}

// Once, without a word where it fails: somebody else has it.
void ClientState::take_whole(const std::string& url,
                             const std::function<bool(std::string_view)>& write) {
  FetchRequest request;
  request.url = url;
  request.compressed = false;
  request.retry = false;
  request.sink = [&write](long status, std::span<const char> piece) {
    return status == 200 && write({piece.data(), piece.size()});
  };
  std::optional<FetchResponse> answer;
  network_.get(std::move(request), [&](FetchResponse response) {
    jobs_.publish([&] { answer = std::move(response); });
  });
  jobs_.work_until([&] { return answer.has_value(); });
}

pep::Result<FetchedFile> ClientState::receive(const std::string& url, const Sha256* sha256,
                                              const std::string& path) {
  Target target(path);
  if (!target.good()) return target.failed();
  if (is_local(url)) {
    const auto file = MappedFile::open(local_path(url));
    if (!file) return file.error();
    if (!target.write(file->bytes())) return target.failed();
    return target.keep(sha256, url);
  }
  if (options_.offline) {
    return pep::error(pep::Fault::kUnreachable,
                      redacted(url) + " cannot be downloaded: --offline forbids it");
  }
  if (sha256 != nullptr && remote_ != nullptr && remote_->usable()) {
    const std::string place = remote_->file_place(*sha256);
    const auto write = [&](std::string_view piece) { return target.write(piece); };
    if (remote_->is_directory()) {
      if (const auto file = MappedFile::open(place)) write(file->bytes());
    } else {
      take_whole(place, write);
    }
    if (target.size() != 0 && target.is(*sha256)) return target.keep(sha256, url);
    target.restart();  // not there, or damaged: the next copy takes its place
    if (!target.good()) return target.failed();
  }
  for (int attempt = 0;; ++attempt) {
    FetchRequest request;
    request.url = url;
    request.compressed = false;
    request.retry = false;  // repeated here, so that it goes on where it broke off
    if (target.size() != 0) request.range = std::to_string(target.size()) + "-";
    bool fresh = target.size() == 0;
    request.sink = [&target, &fresh](long status, std::span<const char> piece) {
      if (status == 200 && !fresh) target.restart();
      fresh = true;
      return target.write({piece.data(), piece.size()});
    };
    std::optional<FetchResponse> answer;
    network_.get(std::move(request), [&](FetchResponse response) {
      jobs_.publish([&] { answer = std::move(response); });
    });
    jobs_.work_until([&] { return answer.has_value(); });
    if (!target.good()) return target.failed();
    const long status = answer->status;
    if (!answer->error && (status == 200 || status == 206)) {
      auto kept = target.keep(sha256, url);
      if (kept && sha256 != nullptr && remote_ != nullptr) remote_->keep_file(*sha256, path);
      return kept;
    }
    const bool again = answer->error.has_value() || status == 416 || status == 429 || status >= 500;
    if (!again || attempt >= options_.retries) {
      return answer->error ? std::move(*answer->error) : status_error(url, status);
    }
    if (status == 416) target.restart();
    std::this_thread::sleep_for(std::chrono::milliseconds(100) * (1 << std::min(attempt, 6)));
  }
}

}  // namespace resolver::index

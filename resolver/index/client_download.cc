// Whole files into a directory: streamed, verified, resumed, renamed into place.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
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
    size_ = 0;
  }
  pep::Status keep(const Sha256& sha256, const std::string& url) {
    const Sha256 actual = hasher_->finish();
    if (actual != sha256) {
      return pep::error(pep::Fault::kIntegrity,
                        redacted(url) + " does not match its hash: expected is sha256 " +
                            hex(sha256) + ", received was " + hex(actual));
    }
    if (::fchmod(descriptor_, 0644) != 0 || ::fsync(descriptor_) != 0 ||
        ::rename(temporary_.c_str(), path_.c_str()) != 0) {
      failure_ = errno;
      return failed();
    }
    kept_ = true;
    return pep::Done{};
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
};

}  // namespace

pep::Status ClientState::download(const std::string& url, const Sha256& sha256,
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
    if (!answer->error && (status == 200 || status == 206)) return target.keep(sha256, url);
    const bool again = answer->error.has_value() || status == 416 || status == 429 || status >= 500;
    if (!again || attempt >= options_.retries) {
      return answer->error ? std::move(*answer->error) : status_error(url, status);
    }
    if (status == 416) target.restart();
    std::this_thread::sleep_for(std::chrono::milliseconds(100) * (1 << std::min(attempt, 6)));
  }
}

}  // namespace resolver::index

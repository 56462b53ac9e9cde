// How the metadata of one file is obtained. One Ladder per file; each step is a request whose
// answer decides on the next.
#include "resolver/index/metadata_ladder.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "resolver/index/digest.h"
#include "resolver/index/mapped_file.h"
#include "resolver/index/url.h"
#include "resolver/index/wheel.h"

namespace resolver::index {
namespace {

// Usually holds both the directory and METADATA, which tools write last.
constexpr std::uint64_t kTail = 32 << 10;
constexpr std::uint64_t kMetadataLimit = std::uint64_t{16} << 20;
constexpr std::uint64_t kDirectoryLimit = std::uint64_t{16} << 20;
constexpr std::uint64_t kWheelLimit = std::uint64_t{4} << 30;
constexpr std::uint64_t kSdistLimit = std::uint64_t{512} << 20;

// A file without a name that whole archives are received into.
class Scratch {
 public:
  explicit Scratch(const std::string& directory) {
    const char* temporary = std::getenv("TMPDIR");
    for (const std::string& place :
         {directory, std::string(temporary == nullptr ? "" : temporary), std::string("/tmp")}) {
      if (descriptor_ < 0 && !place.empty()) open_in(place);
    }
    if (descriptor_ < 0)
      descriptor_ = ::memfd_create("seshat", MFD_CLOEXEC);  // an image without /tmp
  }
  ~Scratch() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  bool write(std::span<const char> piece) {
    while (!piece.empty()) {
      const ssize_t n = ::write(descriptor_, piece.data(), piece.size());
      if (n <= 0) return false;
      size_ += static_cast<std::uint64_t>(n);
      piece = piece.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }
  void restart() {
    if (descriptor_ >= 0 && ::ftruncate(descriptor_, 0) == 0) ::lseek(descriptor_, 0, SEEK_SET);
    size_ = 0;
  }
  std::uint64_t size() const { return size_; }
  MappedFile map() const { return MappedFile::of(descriptor_, static_cast<std::size_t>(size_)); }

 private:
  void open_in(const std::string& place) {
    descriptor_ = ::open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ >= 0) return;
    std::string pattern = place + "/.seshat-XXXXXX";  // file systems without O_TMPFILE
    descriptor_ = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor_ >= 0) ::unlink(pattern.c_str());
  }

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

pep::Error about(pep::Error error, const WantedMetadata& wanted) {
  error.what = wanted.filename + ": " + error.what;
  return error;
}

pep::Error wrong_hash(const std::string& url, const Sha256& stated, const Sha256& actual) {
  return pep::error(pep::Fault::kIntegrity, redacted(url) +
                                                " does not match its hash: the index says sha256 " +
                                                hex(stated) + ", received was " + hex(actual));
}

pep::Result<std::string> metadata_of_archive(std::string_view archive,
                                             const WantedMetadata& wanted) {
  if (wanted.sha256) {
    const Sha256 actual = sha256_of(archive);
    if (actual != *wanted.sha256) return wrong_hash(wanted.url, *wanted.sha256, actual);
  }
  if (wanted.kind == FileKind::kWheel) {
    auto text = wheel_metadata(archive, wanted.name);
    if (!text) return about(std::move(text).error(), wanted);
    return text;
  }
  auto text = sdist_pkg_info(archive);
  if (!text) return about(std::move(text).error(), wanted);
  if (auto fixed = check_static(*text); !fixed) return about(std::move(fixed).error(), wanted);
  return text;
}

class Ladder : public std::enable_shared_from_this<Ladder> {
 public:
  using Done = std::function<void(pep::Result<std::string>)>;
  Ladder(Network& network, WantedMetadata wanted, Done done)
      : network_(network), wanted_(std::move(wanted)), done_(std::move(done)) {}

  Fetcher::Ticket start() {
    if (wanted_.core_metadata) return ask_metadata_file();
    return ask_file();
  }

 private:
  Fetcher::Ticket get(FetchRequest request, std::function<void(FetchResponse)> handler) {
    request.traffic = wanted_.traffic;
    return network_.get(std::move(request), std::move(handler));
  }

  Fetcher::Ticket ask_file() {
    if (wanted_.kind == FileKind::kSdist || network_.has_no_ranges(wanted_.url)) return ask_whole();
    return ask_tail(0);
  }

  Fetcher::Ticket ask_metadata_file() {
    FetchRequest request;
    const std::size_t query = wanted_.url.find('?');
    request.url = wanted_.url.substr(0, query) + ".metadata";
    if (query != std::string::npos) request.url += wanted_.url.substr(query);
    request.limit = kMetadataLimit;
    const std::string url = request.url;
    return get(std::move(request), [self = shared_from_this(), url](FetchResponse response) {
      self->on_metadata_file(std::move(response), url);
    });
  }

  void on_metadata_file(FetchResponse response, const std::string& url) {
    if (response.error) return done_(std::move(*response.error));
    if (response.status == 404 || response.status == 410) {  // promised, not kept
      ask_file();
      return;
    }
    if (response.status != 200) return done_(status_error(url, response.status));
    auto text = decode_body(std::move(response.body), response.encoding, kMetadataLimit, url);
    if (text && wanted_.metadata_sha256) {
      const Sha256 actual = sha256_of(*text);
      if (actual != *wanted_.metadata_sha256)
        return done_(wrong_hash(url, *wanted_.metadata_sha256, actual));
    }
    done_(std::move(text));
  }

  // The last bytes; or everything from `begin`, where the directory was said to begin.
  Fetcher::Ticket ask_tail(std::uint64_t begin) {
    FetchRequest request;
    request.url = wanted_.url;
    request.compressed = false;
    request.range = begin == 0 ? "-" + std::to_string(kTail) : std::to_string(begin) + "-";
    request.limit = begin == 0 ? kTail : kDirectoryLimit;
    request.sink = [self = this](long status, std::span<const char> piece) {
      if (status == 200) return false;  // ranges are ignored: stop before a whole wheel arrives
      self->tail_.append(piece.data(), piece.size());
      return self->tail_.size() <= kDirectoryLimit;
    };
    request.restart = [self = this] { self->tail_.clear(); };
    return get(std::move(request), [self = shared_from_this(), begin](FetchResponse response) {
      self->on_tail(std::move(response), begin);
    });
  }

  void on_tail(FetchResponse response, std::uint64_t begin) {
    if (response.error) return done_(std::move(*response.error));
    if (response.status == 200 || response.status == 416 || response.status == 501) {
      network_.note_no_ranges(wanted_.url);
      ask_whole();
      return;
    }
    if (response.status != 206) return done_(status_error(wanted_.url, response.status));
    // "bytes 100-199/200": where the piece begins and that it reaches the end.
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t total = 0;
    std::sscanf(response.content_range.c_str(), "bytes %" SCNu64 "-%" SCNu64 "/%" SCNu64, &first,
                &last, &total);
    if (first + tail_.size() != total) {
      ask_whole();
      return;
    }
    const Piece piece{.offset = first, .bytes = tail_};
    auto found = locate_metadata(piece, wanted_.name);
    if (!found) return done_(about(std::move(found).error(), wanted_));
    if (const auto* need = std::get_if<NeedFrom>(&*found)) {
      // METADATA mostly lies just before the directory: take a little more than what is missing.
      if (begin != 0)
        return done_(
            about(pep::error(pep::Fault::kMalformed, "its zip directory is damaged"), wanted_));
      ask_tail(need->offset > kTail ? need->offset - kTail / 2 : 1);
      return;
    }
    const auto& member = std::get<ZipMember>(*found);
    if (member.header_offset >= first) return finish_member(piece, member);
    ask_member(member);
  }

  void ask_member(const ZipMember& member) {
    FetchRequest request;
    request.url = wanted_.url;
    request.compressed = false;
    request.range = std::to_string(member.header_offset) + "-" + std::to_string(member.end - 1);
    request.limit = kMetadataLimit + (64 << 10);
    get(std::move(request), [self = shared_from_this(), member](FetchResponse response) {
      if (response.error) return self->done_(std::move(*response.error));
      if (response.status != 206) {
        self->ask_whole();
        return;
      }
      self->finish_member(Piece{.offset = member.header_offset, .bytes = response.body}, member);
    });
  }

  void finish_member(const Piece& piece, const ZipMember& member) {
    auto text = extract_member(piece, member);
    if (!text) return done_(about(std::move(text).error(), wanted_));
    done_(std::move(text));
  }

  Fetcher::Ticket ask_whole() {
    scratch_ = std::make_unique<Scratch>(wanted_.scratch_directory);
    FetchRequest request;
    request.url = wanted_.url;
    request.compressed = false;
    const std::uint64_t limit = wanted_.kind == FileKind::kWheel ? kWheelLimit : kSdistLimit;
    request.sink = [self = this, limit](long, std::span<const char> piece) {
      return self->scratch_->write(piece) && self->scratch_->size() <= limit;
    };
    request.restart = [self = this] { self->scratch_->restart(); };
    return get(std::move(request),
               [self = shared_from_this()](FetchResponse response) { self->on_whole(response); });
  }

  void on_whole(FetchResponse& response) {
    if (response.error) return done_(std::move(*response.error));
    if (response.status != 200) return done_(status_error(wanted_.url, response.status));
    if (response.refused) {
      return done_(
          pep::error(pep::Fault::kIo, wanted_.filename +
                                          " cannot be kept while its metadata are read: the disk "
                                          "is full, or the file is larger than 4 GiB"));
    }
    const MappedFile file = scratch_->map();
    auto text = metadata_of_archive(file.bytes(), wanted_);
    scratch_.reset();
    done_(std::move(text));
  }

  Network& network_;
  const WantedMetadata wanted_;
  const Done done_;
  std::string tail_;
  std::unique_ptr<Scratch> scratch_;
};

}  // namespace

Fetcher::Ticket fetch_metadata(Network& network, WantedMetadata wanted,
                               std::function<void(pep::Result<std::string>)> done) {
  return std::make_shared<Ladder>(network, std::move(wanted), std::move(done))->start();
}

pep::Result<std::string> local_metadata(const WantedMetadata& wanted) {
  const auto file = MappedFile::open(local_path(wanted.url));
  if (!file) return file.error();
  return metadata_of_archive(file->bytes(), wanted);
}

}  // namespace resolver::index

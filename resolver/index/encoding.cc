// Content codings of HTTP bodies, decoded on whichever thread reads the page. Bounded: a bomb is
// refused.
#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

#include "resolver/index/fetch.h"

namespace resolver::index {
namespace {

enum class Step { kMore, kEnd, kBroken };

// Calls `step(out, used)` on a growing buffer until it says that the end is reached.
template <class Function>
bool decode_growing(std::string& out, std::size_t guess, std::uint64_t limit, Function step,
                    bool& too_large) {
  out.resize(std::clamp<std::size_t>(guess, 4096, static_cast<std::size_t>(limit) + 1));
  std::size_t used = 0;
  while (true) {
    const Step result = step(out, used);
    if (result == Step::kBroken) return false;
    if (used > limit) {
      too_large = true;
      return false;
    }
    if (result == Step::kEnd) break;
    if (used == out.size())
      out.resize(std::min<std::size_t>(out.size() * 2, static_cast<std::size_t>(limit) + 1));
  }
  out.resize(used);
  return true;
}

// The last four bytes of a gzip stream are its size.
std::size_t gzip_size(const std::string& body) {
  if (body.size() < 18) return 0;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(body[body.size() - 4 + i]))
            << (8 * i);
  }
  return size;
}

bool inflate_body(const std::string& body, std::uint64_t limit, std::string& out, bool& too_large) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  const bool good = decode_growing(
      out, std::min<std::size_t>(gzip_size(body), body.size() * 40) + 64, limit,
      [&](std::string& buffer, std::size_t& used) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data() + used);
        stream.avail_out = static_cast<uInt>(buffer.size() - used);
        const int code = inflate(&stream, Z_NO_FLUSH);
        used = buffer.size() - stream.avail_out;
        if (code == Z_STREAM_END) return Step::kEnd;
        const bool starved = stream.avail_in == 0 && stream.avail_out != 0;  // cut short
        return (code == Z_OK || code == Z_BUF_ERROR) && !starved ? Step::kMore : Step::kBroken;
      },
      too_large);
  inflateEnd(&stream);
  return good;
}

bool unzstd_body(const std::string& body, std::uint64_t limit, std::string& out, bool& too_large) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream);
  if (stream == nullptr) return false;
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 27);
  ZSTD_inBuffer in{body.data(), body.size(), 0};
  return decode_growing(
      out, body.size() * 6, limit,
      [&](std::string& buffer, std::size_t& used) {
        ZSTD_outBuffer target{buffer.data(), buffer.size(), used};
        const std::size_t code = ZSTD_decompressStream(stream.get(), &target, &in);
        used = target.pos;
        if (ZSTD_isError(code) != 0) return Step::kBroken;
        if (code == 0 && in.pos == in.size) return Step::kEnd;
        return in.pos == in.size && used < buffer.size() ? Step::kBroken : Step::kMore;
      },
      too_large);
}

bool unbrotli_body(const std::string& body, std::uint64_t limit, std::string& out,
                   bool& too_large) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  if (state == nullptr) return false;
  const auto* next = reinterpret_cast<const std::uint8_t*>(body.data());
  std::size_t left = body.size();
  return decode_growing(
      out, body.size() * 6, limit,
      [&](std::string& buffer, std::size_t& used) {
        auto* target = reinterpret_cast<std::uint8_t*>(buffer.data() + used);
        std::size_t space = buffer.size() - used;
        const auto code =
            BrotliDecoderDecompressStream(state.get(), &left, &next, &space, &target, nullptr);
        used = buffer.size() - space;
        if (code == BROTLI_DECODER_RESULT_SUCCESS) return Step::kEnd;
        return code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT ? Step::kMore : Step::kBroken;
      },
      too_large);
}

}  // namespace

pep::Result<std::string> decode_body(std::string body, const std::string& encoding,
                                     std::uint64_t limit, const std::string& url) {
  if (encoding.empty() || encoding == "identity") return body;
  std::string out;
  bool too_large = false;
  bool good = false;
  if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate") {
    good = inflate_body(body, limit, out, too_large);
  } else if (encoding == "zstd") {
    good = unzstd_body(body, limit, out, too_large);
  } else if (encoding == "br") {
    good = unbrotli_body(body, limit, out, too_large);
  }
  if (good) return out;
  if (too_large) {
    return pep::error(pep::Fault::kMalformed,
                      redacted(url) + " is larger than " + std::to_string(limit >> 20) +
                          " MiB once decompressed; no index page should be");
  }
  return pep::error(pep::Fault::kMalformed, redacted(url) + ": the body is no valid " +
                                                encoding.substr(0, 40) + " data, or was cut short");
}

}  // namespace resolver::index

// A value or the reason why there is none. Every function of ours that can fail returns one; none
// throws. Member names are those of std::expected, so that a later standard is one alias away. "No
// solution exists" is not an Error: it is an outcome (resolver/solve/solver.h). An Error says that
// something could not be asked or read.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pep {

// What kind of thing went wrong; the program maps it to an exit code (plugin/exit_code.h).
enum class Fault {
  kUsage,        // the command line
  kConfig,       // a configuration file, or a file of requirements
  kMalformed,    // data that does not follow its format
  kNotFound,     // a file, a name, an image
  kEnvironment,  // the target cannot be this: no Python, contradicts what was declared
  kIntegrity,    // a hash, or metadata that contradicts its file name
  kUnreachable,  // the network or an index; the only fault that is worth a retry
  kConflict,     // two inputs contradict each other
  kIo,           // the local disk
  kInternal,     // our own bug
};

// A place in a text a person wrote. Lines and columns count from 1; 0 is "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Error {
  Fault fault = Fault::kInternal;
  std::string what;                // one sentence: what is wrong and, where we know it, what to do
  std::optional<Place> place;      // where, if it was read from a file
  std::string excerpt;             // the line at `place`, for the caret; may be empty
  std::vector<std::string> trail;  // stages it came through, innermost first

  // The same error, said to have happened while doing `stage`.
  Error in(std::string stage) && {
    trail.push_back(std::move(stage));
    return std::move(*this);
  }
};

inline Error error(Fault fault, std::string what) {
  return Error{.fault = fault, .what = std::move(what), .place = {}, .excerpt = {}, .trail = {}};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}          // NOLINT: implicit
  Result(Error failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  T value_or(T other) && { return has_value() ? std::get<0>(std::move(state_)) : std::move(other); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace pep

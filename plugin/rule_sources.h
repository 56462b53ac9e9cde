// Where prescriptions come from, made ready to be read: archives are unpacked for as long as this
// lives, what lies on a server is fetched (and held against the digest that its URL pins).
#pragma once

#include <string>
#include <vector>

#include "pep/result.h"
#include "plugin/direct/process.h"
#include "prescriptions/read.h"
#include "resolver/index/client.h"

namespace plugin {

class RuleSources {
 public:
  // Files, directories, archives, compiled files, and "https://…#sha256=HEX" of any of them but
  // directories. What is fetched is kept in `directory` (empty: for as long as this lives).
  static pep::Result<RuleSources> of(const std::vector<std::string>& sources,
                                     const std::string& directory,
                                     resolver::index::ClientOptions client);

  const std::vector<std::string>& compiled() const { return compiled_; }
  // Everything else, as it is on this machine: files, directories, archives.
  const std::vector<std::string>& written() const { return written_; }
  // Reads what is written; archives are named as they were given.
  pep::Result<prescriptions::Reading> read();
  // The same, and the units of compiled files, which have no text.
  pep::Result<prescriptions::Reading> read_all();
  // Where a file of what was read lies for as long as this lives.
  std::string place_of(const std::string& file) const;

 private:
  pep::Result<std::string> fetch(const std::string& source, const std::string& directory,
                                 resolver::index::ClientOptions client);
  pep::Result<std::string> scratch();

  std::vector<std::string> compiled_, written_, shown_;
  std::vector<std::pair<std::string, std::string>> names_;  // places, and what they are called
  std::vector<direct::Scratch> scratches_;
};

}  // namespace plugin

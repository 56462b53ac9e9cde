// Where pages come from: indexes and find-links locations, as configured; and those of them that
// are directories of this machine. Knows nothing of transport.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "pep/result.h"
#include "resolver/index/client.h"
#include "resolver/index/fetch.h"
#include "resolver/index/page_record.h"
#include "resolver/index/simple_api.h"

namespace resolver::index {

struct Source {
  std::string shown;  // as the user gave it, without credentials
  std::string base;   // for indexes with a slash at the end; without credentials
  std::string key;    // of its pages in the store: other credentials may see other pages
  bool local = false;
};

struct Sources {
  std::vector<Source> indexes;
  std::vector<Source> find_links;
  std::vector<std::pair<std::string, Credentials>> credentials;  // by origin

  static Sources of(const ClientOptions& options);
};

// One directory or HTML file that lists files of many projects, or a fetched page that does.
class FlatPage {
 public:
  // Reads `source` from this machine.
  static pep::Result<FlatPage> read(const Source& source);
  explicit FlatPage(PageText page) : page_(std::move(page)) {}
  pep::Status add_to(PageBuilder& builder) const;

 private:
  FlatPage() = default;
  PageText page_;                   // with a body: HTML or JSON
  std::vector<std::string> files_;  // otherwise: names in the directory page_.url
};

// The page of `name` in an index that is a directory: NAME/index.json, NAME/index.html, or a
// listing of NAME/. Null if there is none of these; unreachable if the index itself is not there.
pep::Result<std::shared_ptr<PageView>> read_local_page(const Source& source, const pep::Name& name);

// The files of several pages as one page, earlier ones first; each file knows its index.
std::shared_ptr<PageView> merged(const pep::Name& name, const std::vector<const PageView*>& pages);

}  // namespace resolver::index

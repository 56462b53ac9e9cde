// The embedded rules as documents; the table itself is made at build time by embed.cmake.
#include "prescriptions/shipped.h"

#include <string>

namespace prescriptions {

std::vector<Document> shipped_documents() {
  std::vector<Document> documents;
  for (const ShippedFile& file : shipped_rules()) {
    documents.push_back({"seshat/" + std::string(file.name), std::string(file.text), "seshat"});
  }
  return documents;
}

}  // namespace prescriptions

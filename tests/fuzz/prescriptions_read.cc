// Any bytes as a prescription: read, linted, explained; units come only without errors, and errors
// have places.
#include "prescriptions/explain.h"
#include "prescriptions/lint.h"
#include "prescriptions/read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<prescriptions::Document> documents = {
      {"f.yaml", std::string(fuzz::text_of(data, size)), "t"}};
  prescriptions::Reading reading = prescriptions::read_documents(documents);
  prescriptions::lint(reading);
  fuzz::require(!reading.errors.empty() || !reading.book.units.empty(),
                "a document has units or errors");
  for (const auto* faults : {&reading.errors, &reading.warnings}) {
    for (const prescriptions::Fault& fault : *faults) {
      fuzz::require(fault.line >= 1 && fault.column >= 1, "a fault has a place");
      fuzz::require(!fault.code.empty() && !fault.message.empty(), "and says what is wrong");
    }
  }
  const prescriptions::Situation situation;
  for (const prescriptions::Unit& unit : reading.book.units) {
    fuzz::require(!prescriptions::explain(unit, reading.book, &situation).empty(),
                  "a unit can be explained");
  }
  fuzz::require(prescriptions::lint_json(reading).ends_with("\n}\n"),
                "the report of lint is whole");
  return 0;
}

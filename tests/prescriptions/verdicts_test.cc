// The oracle's documents (../shared/data/oracle): accepted and rejected as they should be, each
// rejection with a line.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "prescriptions/read.h"

namespace prescriptions {
namespace {

constexpr const char* kVerdicts =
    SESHAT_SOURCE_DIR "/../shared/data/oracle/prescriptions-verdicts.jsonl";

TEST(Verdicts, AreTheOriginalsOrOurs) {
  std::ifstream lines(kVerdicts);
  if (!lines) GTEST_SKIP() << kVerdicts << " is not there";
  int asked = 0;
  for (std::string line; std::getline(lines, line); ++asked) {
    const auto row = nlohmann::json::parse(line);
    const std::string wanted = row.value("our_verdict", row["verdict"].get<std::string>());
    const std::vector<Document> documents = {
        {"document.yaml", row["yaml"].get<std::string>(), "t"}};
    const Reading reading = read_documents(documents);
    const std::string said = reading.errors.empty() ? "accept" : "reject";
    if (wanted != "either") {
      EXPECT_EQ(said, wanted) << row["id"] << " " << row["rule"] << "\n" << documents[0].text;
    }
    for (const Fault& fault : reading.errors)
      EXPECT_GE(fault.line, 1) << row["id"] << " " << fault.message;
  }
  EXPECT_GT(asked, 200);
}

}  // namespace
}  // namespace prescriptions

// Rules written in a test, read as one document of the namespace "t".
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "prescriptions/read.h"

namespace prescriptions {

inline Reading read_yaml(const std::string& text) {
  const std::vector<Document> documents = {{"rules.yaml", text, "t"}};
  return read_documents(documents);
}

// The faults as "line:column path code", which is all of them that tools may rely on.
inline std::vector<std::string> brief(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) {
    lines.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + " " +
                    fault.path + " " + fault.code);
  }
  return lines;
}

// The only unit of a document without faults.
inline Unit only_unit(const std::string& text) {
  Reading reading = read_yaml(text);
  EXPECT_EQ(brief(reading.errors), std::vector<std::string>());
  EXPECT_EQ(reading.book.units.size(), 1U);
  return reading.book.units.empty() ? Unit() : reading.book.units.front();
}

}  // namespace prescriptions

// Build tool: compiles the shipped rules and writes them as a C++ file. embed_compiled OUT.cc
#include <cstdio>
#include <fstream>
#include <string>

#include "prescriptions/compile.h"
#include "prescriptions/shipped.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const auto documents = prescriptions::shipped_documents();
  const prescriptions::Reading reading = prescriptions::read_documents(documents);
  for (const prescriptions::Fault& fault : reading.errors) {
    std::fprintf(stderr, "%s:%d:%d: %s: %s\n", fault.file.c_str(), fault.line, fault.column,
                 fault.path.c_str(), fault.message.c_str());
  }
  if (!reading.errors.empty()) return 1;
  const std::string bytes = prescriptions::compile(reading.book);
  std::ofstream out(arguments[1]);
  out << "// Made by embed_compiled from prescriptions/rules.\n"
         "#include \"prescriptions/shipped.h\"\n\nnamespace prescriptions {\nnamespace {\n\n"
         "constexpr unsigned char kBytes[] = {";
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out << (i % 20 == 0 ? "\n    " : "") << int{static_cast<unsigned char>(bytes[i])} << ",";
  out << "\n};\n\n}  // namespace\n\nstd::string_view shipped_compiled() {\n"
         "  return {reinterpret_cast<const char*>(kBytes), sizeof kBytes};\n}\n\n"
         "}  // namespace prescriptions\n";
  return out.good() ? 0 : 1;
}

// Many documents -> one rulebook: read on two threads when there are many, put together in load
// order.
#include "prescriptions/read.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <thread>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "prescriptions/checksum.h"
#include "prescriptions/condition_pool.h"
#include "prescriptions/read_document.h"
#include "prescriptions/sources.h"

namespace prescriptions {
namespace {

constexpr std::size_t kFewDocuments = 256;  // below, a second thread costs more than it saves

// Runs `work(i)` for all i below `count`, on more threads if it pays.
void for_each_document(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&] {
    constexpr std::size_t kBatch = 64;
    for (std::size_t begin = next.fetch_add(kBatch); begin < count;
         begin = next.fetch_add(kBatch)) {
      for (std::size_t i = begin; i < std::min(begin + kBatch, count); ++i) work(i);
    }
  };
  std::vector<std::thread> others;
  if (count > kFewDocuments) {
    const unsigned threads = std::min(std::thread::hardware_concurrency(), 4U);
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(take);
  }
  take();
  for (std::thread& other : others) other.join();
}

void sort_faults(std::vector<Fault>& faults) {
  std::ranges::stable_sort(faults, {}, [](const Fault& fault) {
    return std::tie(fault.file, fault.line, fault.column, fault.path, fault.code);
  });
}

void find_duplicates(Reading& reading, const std::vector<std::string>& paths) {
  std::map<std::pair<Kind, std::string_view>, std::size_t> seen;
  const std::vector<Unit>& units = reading.book.units;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto [first, is_new] =
        seen.emplace(std::pair(kind_of(units[i]), std::string_view(units[i].qualified)), i);
    if (is_new) continue;
    const Unit& other = units[first->second];
    reading.errors.push_back(
        {"duplicate_name",
         fmt::format("a {} called {} is there already, at {}:{}", name_of(kind_of(other)),
                     other.qualified, reading.book.files[other.origin.file], other.origin.line),
         reading.book.files[units[i].origin.file], units[i].origin.line, units[i].origin.column,
         paths[i] + ".name"});
  }
}

// Puts the documents' units together. `texts(i)` is called once for each document, maybe from
// several threads.
void assemble(Reading& reading, std::size_t count,
              const std::function<bool(std::size_t, Document&, std::vector<Fault>&)>& get) {
  std::vector<DocumentUnits> parts(count);
  std::vector<std::string> lines(count);
  reading.book.files.resize(count);
  ConditionPool pool;
  for_each_document(count, [&](std::size_t i) {
    Document document;
    std::vector<Fault> faults;
    if (get(i, document, faults)) parts[i] = read_document(document, static_cast<std::uint32_t>(i));
    for (Unit& unit : parts[i].units) pool.share(unit.should_include);
    Checksum sum;
    sum.add(std::string_view(document.text));
    lines[i] =
        fmt::format("{} {} {:016x}\n", document.prescription, document.text.size(), sum.value());
    reading.book.files[i] = std::move(document.file);
    parts[i].errors.insert(parts[i].errors.end(), faults.begin(), faults.end());
  });
  std::vector<std::string> paths;
  std::size_t units = 0;
  for (const DocumentUnits& part : parts) units += part.units.size();
  reading.book.units.reserve(units);
  paths.reserve(units);
  for (DocumentUnits& part : parts) {
    std::ranges::move(part.units, std::back_inserter(reading.book.units));
    std::ranges::move(part.paths, std::back_inserter(paths));
    std::ranges::move(part.errors, std::back_inserter(reading.errors));
    std::ranges::move(part.warnings, std::back_inserter(reading.warnings));
    part = {};
  }
  reading.documents = count;
  for (const std::string& line : lines) reading.contents += line;
  find_duplicates(reading, paths);
  if (reading.errors.empty() && reading.book.units.empty()) {
    for (const std::string& file : reading.book.files) {
      reading.errors.push_back({"no_units", "there is no unit here", file, 1, 1, "units"});
    }
  }
  sort_faults(reading.errors);
  sort_faults(reading.warnings);
}

}  // namespace

Reading read(std::span<const std::string> sources) {
  Reading reading;
  const std::vector<FoundFile> files = find_files(sources, reading.errors, reading.warnings);
  if (files.empty() && reading.errors.empty()) {
    for (const std::string& source : sources) {
      reading.errors.push_back(
          {"no_units", "there is no .yaml or .yml file here", source, 0, 0, ""});
    }
    return reading;
  }
  assemble(reading, files.size(),
           [&](std::size_t i, Document& document, std::vector<Fault>& faults) {
             document.file = files[i].path;
             document.prescription = files[i].prescription;
             return read_text(files[i].path, document.text, faults);
           });
  return reading;
}

Reading read_documents(std::span<const Document> documents) {
  Reading reading;
  assemble(reading, documents.size(),
           [&](std::size_t i, Document& document, std::vector<Fault>& /*faults*/) {
             document = documents[i];
             return true;
           });
  return reading;
}

pep::Error error_of(const Reading& reading) {
  const Fault& fault = reading.errors.front();
  const std::string what = fault.path.empty() ? fault.message : fault.path + ": " + fault.message;
  pep::Error error =
      pep::error(fault.code == "unreadable" ? pep::Fault::kNotFound : pep::Fault::kConfig, what);
  error.place = pep::Place{fault.file, fault.line, fault.column};
  return error;
}

}  // namespace prescriptions

#include "resolver/pipeline/cvss.h"

#include <algorithm>
#include <cmath>

namespace resolver::pipeline {
namespace {

// The letter of a metric ("/AV:N/" gives 'N'); 0 if it is not there.
char metric(std::string_view vector, std::string_view name) {
  while (!vector.empty()) {
    const std::string_view part = vector.substr(0, vector.find('/'));
    if (part.size() > name.size() + 1 && part.starts_with(name) && part[name.size()] == ':')
      return part[name.size() + 1];
    vector.remove_prefix(std::min(part.size() + 1, vector.size()));
  }
  return 0;
}

struct Weight {
  char letter;
  double value;
};

// Negative if the letter is none of these.
template <std::size_t N>
double weight(char letter, const Weight (&weights)[N]) {
  for (const Weight& one : weights) {
    if (one.letter == letter) return one.value;
  }
  return -1;
}

// Up to one decimal, as the standard says for 3.1: without what binary fractions add.
double round_up(double value) {
  const auto scaled = static_cast<long>(std::lround(value * 100000));
  return static_cast<double>(scaled % 10000 == 0 ? scaled / 10000 : scaled / 10000 + 1) / 10.0;
}

std::optional<double> version_3(std::string_view vector) {
  const bool changed = metric(vector, "S") == 'C';
  if (!changed && metric(vector, "S") != 'U') return std::nullopt;
  const double av =
      weight(metric(vector, "AV"), {{'N', 0.85}, {'A', 0.62}, {'L', 0.55}, {'P', 0.2}});
  const double ac = weight(metric(vector, "AC"), {{'L', 0.77}, {'H', 0.44}});
  const double pr =
      weight(metric(vector, "PR"),
             {{'N', 0.85}, {'L', changed ? 0.68 : 0.62}, {'H', changed ? 0.5 : 0.27}});
  const double ui = weight(metric(vector, "UI"), {{'N', 0.85}, {'R', 0.62}});
  double kept = 1;
  for (const char* name : {"C", "I", "A"}) {
    const double impact = weight(metric(vector, name), {{'H', 0.56}, {'L', 0.22}, {'N', 0.0}});
    if (impact < 0) return std::nullopt;
    kept *= 1 - impact;
  }
  if (av < 0 || ac < 0 || pr < 0 || ui < 0) return std::nullopt;
  const double base = 1 - kept;
  const double impact =
      changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0.0;
  const double exploitability = 8.22 * av * ac * pr * ui;
  return round_up(std::min((changed ? 1.08 : 1.0) * (impact + exploitability), 10.0));
}

std::optional<double> version_2(std::string_view vector) {
  const double av = weight(metric(vector, "AV"), {{'L', 0.395}, {'A', 0.646}, {'N', 1.0}});
  const double ac = weight(metric(vector, "AC"), {{'H', 0.35}, {'M', 0.61}, {'L', 0.71}});
  const double au = weight(metric(vector, "Au"), {{'M', 0.45}, {'S', 0.56}, {'N', 0.704}});
  double kept = 1;
  for (const char* name : {"C", "I", "A"}) {
    const double impact = weight(metric(vector, name), {{'N', 0.0}, {'P', 0.275}, {'C', 0.66}});
    if (impact < 0) return std::nullopt;
    kept *= 1 - impact;
  }
  if (av < 0 || ac < 0 || au < 0) return std::nullopt;
  const double impact = 10.41 * (1 - kept);
  const double score = (0.6 * impact + 0.4 * 20 * av * ac * au - 1.5) * (impact == 0 ? 0.0 : 1.176);
  return std::round(score * 10) / 10;
}

}  // namespace

std::optional<double> cvss_base_score(std::string_view vector) {
  if (vector.starts_with("CVSS:3.")) return version_3(vector);
  if (vector.starts_with("CVSS:")) return std::nullopt;
  return version_2(vector);
}

const char* cvss_severity(double score) {
  if (score >= 9) return "CRITICAL";
  if (score >= 7) return "HIGH";
  if (score >= 4) return "MEDIUM";
  return score > 0 ? "LOW" : "NONE";
}

}  // namespace resolver::pipeline

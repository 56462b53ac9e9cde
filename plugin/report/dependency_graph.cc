// Layout in columns; see dependency_graph.h. A package stands one column to the right of the
// nearest one that needs it; within a column packages stand near those that need them, so that few
// lines cross.
#include "plugin/report/dependency_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "plugin/report/markup.h"

namespace plugin {
namespace {

using resolver::lock::Lock;

constexpr int kColumn = 230;
constexpr int kRow = 26;
constexpr int kWidth = 170;
constexpr int kHeight = 20;
constexpr std::size_t kLongest = 24;  // characters of a label

struct Node {
  int column = -1;
  int row = 0;
  std::vector<std::size_t> needs;
  std::vector<std::size_t> needed_by;
};

std::vector<Node> nodes_of(const Lock& lock) {
  std::map<pep::Name, std::size_t> numbers;
  for (std::size_t i = 0; i < lock.packages.size(); ++i) numbers.emplace(lock.packages[i].name, i);
  std::vector<Node> nodes(lock.packages.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const pep::Name& name : lock.packages[i].dependencies) {
      const auto found = numbers.find(name);
      if (found == numbers.end()) continue;
      nodes[i].needs.push_back(found->second);
      nodes[found->second].needed_by.push_back(i);
    }
  }
  return nodes;
}

// Breadth first from the direct requirements; what nothing leads to (a lock of others) begins
// columns of its own.
void set_columns(const Lock& lock, std::vector<Node>& nodes) {
  std::deque<std::size_t> queue;
  const auto start = [&](std::size_t i) {
    if (nodes[i].column >= 0) return;
    nodes[i].column = 0;
    queue.push_back(i);
  };
  const auto spread = [&] {
    for (; !queue.empty(); queue.pop_front()) {
      for (const std::size_t next : nodes[queue.front()].needs) {
        if (nodes[next].column >= 0) continue;
        nodes[next].column = nodes[queue.front()].column + 1;
        queue.push_back(next);
      }
    }
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (lock.packages[i].direct) start(i);
  }
  spread();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].needed_by.empty()) start(i);
  }
  spread();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    start(i);
    spread();
  }
}

double middle_of_parents(const std::vector<Node>& nodes, const Node& node) {
  double sum = 0;
  int count = 0;
  for (const std::size_t parent : node.needed_by) {
    if (nodes[parent].column >= node.column) continue;
    sum += nodes[parent].row;
    ++count;
  }
  return count == 0 ? 0 : sum / count;
}

// Rows, column by column; returns how many columns and rows there are.
std::pair<int, int> set_rows(std::vector<Node>& nodes) {
  std::map<int, std::vector<std::size_t>> columns;
  for (std::size_t i = 0; i < nodes.size(); ++i) columns[nodes[i].column].push_back(i);
  int rows = 0;
  for (auto& [column, members] : columns) {
    std::ranges::stable_sort(members, {},
                             [&](std::size_t i) { return middle_of_parents(nodes, nodes[i]); });
    for (std::size_t row = 0; row < members.size(); ++row)
      nodes[members[row]].row = static_cast<int>(row);
    rows = std::max(rows, static_cast<int>(members.size()));
  }
  return {static_cast<int>(columns.size()), rows};
}

std::string label_of(const resolver::lock::Package& package) {
  std::string label = package.name.str() + " " + package.version.str();
  if (label.size() > kLongest) label = label.substr(0, kLongest - 1) + "…";
  return label;
}

}  // namespace

std::string dependency_graph(const Lock& lock) {
  std::vector<Node> nodes = nodes_of(lock);
  set_columns(lock, nodes);
  const auto [columns, rows] = set_rows(nodes);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" role=\"img\" "
      "aria-label=\"Dependencies of {} packages\">\n",
      columns * kColumn + 20, rows * kRow + 20, nodes.size());
  const auto x = [](const Node& node) { return 10 + node.column * kColumn; };
  const auto y = [](const Node& node) { return 10 + node.row * kRow; };
  for (const Node& node : nodes) {
    for (const std::size_t other : node.needs) {
      const int from_x = x(node) + kWidth;
      const int from_y = y(node) + kHeight / 2;
      const int to_x = x(nodes[other]);
      const int to_y = y(nodes[other]) + kHeight / 2;
      const int bend = (kColumn - kWidth) / 2;
      out += fmt::format("<path class=\"edge\" d=\"M{} {}C{} {} {} {} {} {}\"/>\n", from_x, from_y,
                         from_x + bend, from_y, to_x - bend, to_y, to_x, to_y);
    }
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const resolver::lock::Package& package = lock.packages[i];
    out += fmt::format(
        "<g class=\"{}\"><title>{} {}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
        "rx=\"3\"/>"
        "<text x=\"{}\" y=\"{}\">{}</text></g>\n",
        package.direct ? "direct" : "package", escaped(package.name.str()),
        escaped(package.version.str()), x(nodes[i]), y(nodes[i]), kWidth, kHeight, x(nodes[i]) + 6,
        y(nodes[i]) + 14, escaped(label_of(package)));
  }
  return out + "</svg>\n";
}

}  // namespace plugin

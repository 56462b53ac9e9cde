#include "prescriptions/rulebook.h"

#include <iterator>

namespace prescriptions {

void append(Rulebook& book, Rulebook more) {
  const auto shift = static_cast<std::uint32_t>(book.files.size());
  for (Unit& unit : more.units) {
    unit.origin.file += shift;
    book.units.push_back(std::move(unit));
  }
  book.files.insert(book.files.end(), std::make_move_iterator(more.files.begin()),
                    std::make_move_iterator(more.files.end()));
}

}  // namespace prescriptions

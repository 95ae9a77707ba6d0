#include "common/events/cursor.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace veche::events {

std::string EncodeCursor(Position position) {
  return absl::StrCat(position.transaction, ".", position.number);
}

absl::StatusOr<Position> DecodeCursor(absl::string_view cursor) {
  if (cursor.empty()) return Position();
  const std::vector<absl::string_view> parts = absl::StrSplit(cursor, '.');
  Position position;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &position.transaction) ||
      !absl::SimpleAtoi(parts[1], &position.number) || position < Position() ||
      position.number < 0 || EncodeCursor(position) != cursor) {
    return absl::InvalidArgumentError("This is no cursor of an event log.");
  }
  return position;
}

}  // namespace veche::events

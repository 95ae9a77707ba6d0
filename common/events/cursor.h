#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::events {

// A position in a log: the writing transaction and the row's number. In SQLite, which has one
// writer, the transaction is 0.
struct Position {
  int64_t transaction = 0;
  int64_t number = 0;

  auto operator<=>(const Position&) const = default;
};

// Converts a position to a cursor, "transaction.number", and back. "" decodes to the position
// before all events; InvalidArgument for any other text. Pure.
std::string EncodeCursor(Position position);
absl::StatusOr<Position> DecodeCursor(absl::string_view cursor);

}  // namespace veche::events

#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::events {

// A position in a log: the writing transaction and the row's number. SQLite has one writer and
// leaves the transaction 0.
struct Position {
  int64_t transaction = 0;
  int64_t number = 0;

  auto operator<=>(const Position&) const = default;
};

// Position <-> cursor, "transaction.number"; "" is the position before all. InvalidArgument for
// anything else.
std::string EncodeCursor(Position position);
absl::StatusOr<Position> DecodeCursor(absl::string_view cursor);

}  // namespace veche::events

#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

// The name and the limits of the protocol (docs/polling-protocol.md).

namespace veche::polling::protocol {

inline constexpr absl::string_view kProtocol = "veche/poll/v1";
inline constexpr size_t kMaxIssuers = 2;
// Integers of the protocol's JSON are below 2^53.
inline constexpr int64_t kMaxInteger = (int64_t{1} << 53) - 1;
// Of definitions and ballots: questions, options of a question, bytes of an id.
inline constexpr size_t kMaxAnswers = 20;
inline constexpr size_t kMaxAnswerOptions = 100;
inline constexpr size_t kMaxIdBytes = 32;

}  // namespace veche::polling::protocol

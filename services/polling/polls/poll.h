#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/polling/protocol/definition.h"

// Polls and their schedule. Pure.

namespace veche::polling {

// The numbers are those of veche.polling.v1.Poll.State. A poll goes through the states in this
// order and never back.
enum class PollState { kDraft = 1, kScheduled = 2, kOpen = 3, kClosing = 4, kClosed = 5 };

struct Poll {
  std::string id;
  PollState state = PollState::kDraft;
  // From SCHEDULED on, entry 0 of the board. A draft has zeros for keys, and 0 for an open time
  // that is not set.
  protocol::Definition definition;
  std::vector<std::string> subjects;  // "initiatives/{id}", "appeals/{id}"
  absl::Time close_time;              // planned, or when it was closed early
  absl::Time create_time;
  int64_t eligible = 0;
  bool closing_noticed = false;
  // The latest head of the board; tree_size 0: no board yet.
  uint64_t tree_size = 0;
  uint64_t head_seconds = 0;
  std::string head_root;
  std::string head_signature;
  std::string results;  // serialised veche.polling.v1.Results; "" until closed
  int64_t version = 1;
};

// The state that people see: the clock is ahead of the worker that moves the stored state.
PollState StateAt(const Poll& poll, absl::Time now);

// When `poll` opens; InfinitePast for a draft without an open time.
absl::Time OpenTime(const Poll& poll);

// How long before its close a poll is called "closing soon"; polls shorter than twice this time are
// not.
inline constexpr absl::Duration kClosingSoon = absl::Hours(24);
bool IsClosingSoon(const Poll& poll, absl::Time now);

// The title in `language`; else in Russian, English or the first language there is.
const std::string& TextIn(const protocol::TextsByLanguage& texts, absl::string_view language);

}  // namespace veche::polling

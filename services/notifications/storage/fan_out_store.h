#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace veche::notifications {

// A post whose deliveries are being written.
struct AlertFanOut {
  int64_t seq = 0;       // of the post
  int64_t position = 0;  // subscribers up to this number have their deliveries
};

// The queue of posts whose deliveries are being written. Each method is one step that must be
// atomic with what its caller does, so it runs in the caller's transaction; methods that only read
// accept a reading transaction. Errors are those of sql::Transaction. Thread-safe.
class FanOutStore {
 public:
  // Takes the most severe post, of those the oldest, that no other owner has taken; `owner` has it
  // until `now` + `lease`. Nullopt for none.
  absl::StatusOr<std::optional<AlertFanOut>> Claim(sql::Transaction& transaction,
                                                   absl::string_view owner, absl::Time now,
                                                   absl::Duration lease);
  // Moves the position of a post and prolongs the lease. False, with nothing changed, when the
  // position is not `from` any more: another owner has gone on with the post.
  absl::StatusOr<bool> Advance(sql::Transaction& transaction, int64_t seq, absl::string_view owner,
                               int64_t from, int64_t to, absl::Time now, absl::Duration lease);
  // Ends the fan-out of a post.
  absl::Status Finish(sql::Transaction& transaction, int64_t seq);

  // Whether the post is the newest of its alert, and no other alert took its place.
  absl::StatusOr<bool> IsCurrent(sql::Transaction& transaction, int64_t seq);
  // The numbers of the earlier posts that this one replaces: those of its alert, and those of the
  // alert whose place its alert took.
  absl::StatusOr<std::vector<int64_t>> ListReplaced(sql::Transaction& transaction, int64_t seq);
};

}  // namespace veche::notifications

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/interest.h"

namespace veche::notifications {

// Which posts of alerts to list.
struct PostQuery {
  int64_t above = 0;                                    // with a higher number
  int64_t below = std::numeric_limits<int64_t>::max();  // with a lower number
  bool newest_first = true;
  int limit = 0;
};

// What a feed has to know of a post.
struct PostState {
  int64_t seq = 0;
  std::string topic;
  bool current = false;  // the newest post of its alert, and no other alert took its place
  bool over = false;     // the alert has expired or is cancelled, or the post is old
  bool read = false;     // by the subscriber, one by one
};

// What a resident marked as read.
struct Marking {
  int64_t seq = 0;
  std::string resident;
  std::vector<int64_t> seqs;  // empty: everything before this marking
  int64_t unread = 0;         // how many were unread afterwards
  absl::Time create_time;
};

// How residents read alerts: which posts concern a subscriber, which of them were read. Each method
// is one step that must be atomic with what its caller does, so it runs in the caller's
// transaction; methods that only read accept a reading transaction. Errors are those of
// sql::Transaction. Thread-safe.
class FeedStore {
 public:
  // The numbers of posts for the interest, each once, in order. Merges the lists of each topic and
  // district.
  absl::StatusOr<std::vector<int64_t>> ListPosts(sql::Transaction& transaction,
                                                 const Interest& interest, const PostQuery& query);
  // In the order of `seqs`; unknown numbers are left out.
  absl::StatusOr<std::vector<PostState>> GetStates(sql::Transaction& transaction,
                                                   absl::string_view subscriber,
                                                   absl::Span<const int64_t> seqs, absl::Time now);

  // Marks posts as read by a resident with a subscription. Ignores other numbers.
  absl::Status MarkRead(sql::Transaction& transaction, absl::string_view resident,
                        absl::Span<const int64_t> seqs);
  // Every post that exists.
  absl::Status MarkAllRead(sql::Transaction& transaction, absl::string_view resident);

  // Stores a marking under the next number of the sequence of notices. `marking.seq` is ignored.
  absl::Status AddMarking(sql::Transaction& transaction, const Marking& marking);
  // The markings with a number above `after`, up to `last`, oldest first; of all residents for "".
  absl::StatusOr<std::vector<Marking>> ListMarkings(sql::Transaction& transaction,
                                                    absl::string_view resident, int64_t after,
                                                    int64_t last, int limit);
  // Deletes the markings that are older than `before`, and what is known of posts before them.
  absl::Status Prune(sql::Transaction& transaction, absl::Time before);
};

}  // namespace veche::notifications

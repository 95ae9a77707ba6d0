#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/notifications/domain/notice.h"

namespace veche::notifications {

// The tables of notifications, and the only SQL of this service. Each method is one step that must
// be atomic with what its caller does, so it runs in the caller's transaction; methods that only
// read accept a reading transaction. Errors are those of sql::Transaction. Thread-safe.
class Store {
 public:
  // --- Followers of an appeal. Repeating a call changes nothing. ---

  // From `since` on the resident gets a notice of each event of the appeal.
  absl::Status Follow(sql::Transaction& transaction, absl::string_view appeal,
                      absl::string_view resident, absl::Time since);
  // A supporter gets the same notices as a follower.
  absl::Status Support(sql::Transaction& transaction, absl::string_view appeal,
                       absl::string_view resident, absl::Time since);
  // The resident gets no more notices of the appeal, unless they follow it as well.
  absl::Status Unsupport(sql::Transaction& transaction, absl::string_view appeal,
                         absl::string_view resident);
  // The resident gets no more notices of the appeal, even as a supporter.
  absl::Status Unfollow(sql::Transaction& transaction, absl::string_view appeal,
                        absl::string_view resident);
  // Every follower and supporter of the appeal `from` becomes one of the appeal `to`.
  absl::Status CopyFollowers(sql::Transaction& transaction, absl::string_view from,
                             absl::string_view to, absl::Time since);

  // --- Fan-out: writing the notices of one event, page by page. ---

  // Queues an event, to be delivered to the appeal's author and followers, but not to its actor.
  // An event that was queued before, with the same id, changes nothing.
  absl::Status Enqueue(sql::Transaction& transaction, const AppealEvent& event);
  // Writes the notices of the next page of a queued event: at most `limit` followers, with the
  // first page also the author. Each resident gets one notice of an event. Writes nothing while an
  // earlier event of the same appeal is queued, so that an appeal's notices keep the order of its
  // events. True when the event has been delivered to all.
  absl::StatusOr<bool> DeliverPage(sql::Transaction& transaction, absl::string_view event,
                                   int limit);
  // Ids of the oldest queued events.
  absl::StatusOr<std::vector<std::string>> ListQueued(sql::Transaction& transaction, int limit);

  // --- Inboxes. ---

  // The recipient's notices with a number below `before`, newest first; only unread ones if
  // `unread` is set.
  absl::StatusOr<std::vector<Notice>> List(sql::Transaction& transaction,
                                           absl::string_view recipient, int64_t before, bool unread,
                                           int limit);
  // The recipient's notices with a number above `after`, up to `last`, oldest first.
  absl::StatusOr<std::vector<Notice>> ListAfter(sql::Transaction& transaction,
                                                absl::string_view recipient, int64_t after,
                                                int64_t last, int limit);
  // The notices of all recipients with a number above `after`, oldest first.
  absl::StatusOr<std::vector<Notice>> ListAllAfter(sql::Transaction& transaction, int64_t after,
                                                   int limit);
  // The highest number in use; 0 before the first notice. Notices become visible in the order of
  // their numbers, so every notice up to this number can be read.
  absl::StatusOr<int64_t> Newest(sql::Transaction& transaction);
  absl::StatusOr<int64_t> CountUnread(sql::Transaction& transaction, absl::string_view recipient);
  // Ignores unknown numbers and those of other recipients.
  absl::Status MarkRead(sql::Transaction& transaction, absl::string_view recipient,
                        const std::vector<int64_t>& seqs);
  absl::Status MarkAllRead(sql::Transaction& transaction, absl::string_view recipient);
  // Deletes notices that are older than `before`.
  absl::Status Prune(sql::Transaction& transaction, absl::Time before);
};

}  // namespace veche::notifications

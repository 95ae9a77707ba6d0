#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/notice.h"

namespace veche::notifications {

// News that are being delivered.
struct QueuedNews {
  News news;             // without titles
  std::string position;  // the last resident whose notice is written; "" for none
};

// The tables of notifications, and the only SQL of this service. Each method is one step that must
// be atomic with what its caller does, so it runs in the caller's transaction; methods that only
// read accept a reading transaction. Errors are those of sql::Transaction. Thread-safe.
class Store {
 public:
  // --- Followers of a subject. Repeating a call changes nothing. ---

  // From `since` on the resident gets a notice of each event of the subject.
  absl::Status Follow(sql::Transaction& transaction, absl::string_view subject,
                      absl::string_view resident, absl::Time since);
  // A supporter gets the same notices as a follower.
  absl::Status Support(sql::Transaction& transaction, absl::string_view subject,
                       absl::string_view resident, absl::Time since);
  // The resident gets no more notices of the subject, unless they follow it as well.
  absl::Status Unsupport(sql::Transaction& transaction, absl::string_view subject,
                         absl::string_view resident);
  // The resident gets no more notices of the subject, even as a supporter.
  absl::Status Unfollow(sql::Transaction& transaction, absl::string_view subject,
                        absl::string_view resident);
  // Every follower and supporter of the subject `from` becomes one of the subject `to`.
  absl::Status CopyFollowers(sql::Transaction& transaction, absl::string_view from,
                             absl::string_view to, absl::Time since);

  // --- Fan-out: writing the notices of one event, page by page. ---
  // Each resident gets one notice of an event, and the actor none. A page writes nothing while an
  // earlier event of the same subject is queued, so that the notices of a subject keep the order of
  // its events.

  // Queues news to be delivered, and stores the titles of the subject. News that were queued
  // before, with the same id, are not queued again while they are queued.
  absl::Status Enqueue(sql::Transaction& transaction, const News& news);
  // Writes the next page of queued news for followers or nobody else: at most `limit` followers,
  // with the first page also the residents whom the news name. True when the news have been
  // delivered to all. REQUIRES: the audience is not kDistricts.
  absl::StatusOr<bool> DeliverPage(sql::Transaction& transaction, absl::string_view event,
                                   int limit);
  // The same with a page of residents that the caller found after `after`, the position of
  // ListQueued; `last` when no page follows. Writes nothing when the position has changed, because
  // another worker wrote the page. REQUIRES: `residents` is ascending, and not empty unless `last`.
  absl::Status DeliverTo(sql::Transaction& transaction, absl::string_view event,
                         absl::string_view after, absl::Span<const std::string> residents,
                         bool last);
  // Writes the notice of a receipt to the contact of `resident` alone; see domain/contact_notice.h.
  absl::Status AddReceipt(sql::Transaction& transaction, const News& news,
                          absl::string_view resident);
  // The oldest queued news.
  absl::StatusOr<std::vector<QueuedNews>> ListQueued(sql::Transaction& transaction,
                                                     Audience audience, int limit);

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
  // The notices of all recipients with a number above `after`, up to `last`, oldest first.
  absl::StatusOr<std::vector<Notice>> ListAllAfter(sql::Transaction& transaction, int64_t after,
                                                   int64_t last);
  // The notices with these numbers; unknown ones are left out.
  absl::StatusOr<std::vector<Notice>> GetMany(sql::Transaction& transaction,
                                              absl::Span<const int64_t> seqs);
  // The highest number in use; 0 before the first notice. Notices become visible in the order of
  // their numbers, so every notice up to this number can be read.
  absl::StatusOr<int64_t> Newest(sql::Transaction& transaction);
  // At most `most`.
  absl::StatusOr<int64_t> CountUnread(sql::Transaction& transaction, absl::string_view recipient,
                                      int64_t most);
  // Ignores unknown numbers and those of other recipients.
  absl::Status MarkRead(sql::Transaction& transaction, absl::string_view recipient,
                        const std::vector<int64_t>& seqs);
  absl::Status MarkAllRead(sql::Transaction& transaction, absl::string_view recipient);
  // Deletes notices that are older than `before`, and titles that no notice needs any more.
  absl::Status Prune(sql::Transaction& transaction, absl::Time before);
};

}  // namespace veche::notifications

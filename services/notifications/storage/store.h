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

// Where followers and inboxes are kept. Every function works inside the caller's transaction and
// gives the errors of sql::Transaction. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // --- Followers; repeats change nothing. ---

  virtual absl::Status Follow(sql::Transaction& transaction, absl::string_view appeal,
                              absl::string_view resident, absl::Time since) = 0;
  // A supporter hears of an appeal as a follower does.
  virtual absl::Status Support(sql::Transaction& transaction, absl::string_view appeal,
                               absl::string_view resident, absl::Time since) = 0;
  // Who supports no more and does not follow hears no more.
  virtual absl::Status Unsupport(sql::Transaction& transaction, absl::string_view appeal,
                                 absl::string_view resident) = 0;
  // Hears no more, supporter or not.
  virtual absl::Status Unfollow(sql::Transaction& transaction, absl::string_view appeal,
                                absl::string_view resident) = 0;
  // All followers of `from` also follow `to`.
  virtual absl::Status CarryOver(sql::Transaction& transaction, absl::string_view from,
                                 absl::string_view to, absl::Time since) = 0;

  // --- Fan-out: writing a happening into the inboxes, page by page. ---

  // Queues a happening for its author and followers, except its actor.
  virtual absl::Status Announce(sql::Transaction& transaction, const Happening& happening) = 0;
  // Writes the next page of a queued happening, at most `limit` followers; the author is of the
  // first page. Each resident gets one notice of it, whatever is repeated. An appeal's happenings
  // keep their order: nothing is done while an earlier one is queued. True when it is finished.
  virtual absl::StatusOr<bool> Deliver(sql::Transaction& transaction, absl::string_view event,
                                       int limit) = 0;
  // Events of the oldest queued happenings.
  virtual absl::StatusOr<std::vector<std::string>> ListQueued(sql::Transaction& transaction,
                                                              int limit) = 0;

  // --- Inboxes. ---

  // Newest first, from before `before`.
  virtual absl::StatusOr<std::vector<Notice>> List(sql::Transaction& transaction,
                                                   absl::string_view recipient, int64_t before,
                                                   bool unread, int limit) = 0;
  // Oldest first, after `after` up to `last`.
  virtual absl::StatusOr<std::vector<Notice>> ListAfter(sql::Transaction& transaction,
                                                        absl::string_view recipient, int64_t after,
                                                        int64_t last, int limit) = 0;
  // Of all residents, oldest first.
  virtual absl::StatusOr<std::vector<Notice>> ListAllAfter(sql::Transaction& transaction,
                                                           int64_t after, int limit) = 0;
  // The newest number given out; every notice up to it is readable.
  virtual absl::StatusOr<int64_t> Newest(sql::Transaction& transaction) = 0;
  virtual absl::StatusOr<int64_t> CountUnread(sql::Transaction& transaction,
                                              absl::string_view recipient) = 0;
  // Others' notices and unknown ones are passed over.
  virtual absl::Status MarkRead(sql::Transaction& transaction, absl::string_view recipient,
                                const std::vector<int64_t>& seqs) = 0;
  virtual absl::Status MarkAllRead(sql::Transaction& transaction, absl::string_view recipient) = 0;
  // Deletes notices of before `before`.
  virtual absl::Status Prune(sql::Transaction& transaction, absl::Time before) = 0;
};

}  // namespace veche::notifications

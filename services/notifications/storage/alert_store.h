#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/alert.h"

namespace veche::notifications {

// Which alerts a list shows.
struct AlertFilter {
  std::vector<AlertState> states;  // empty: published ones that have not expired at `now`
  std::vector<std::string> topics;
  std::vector<Severity> severities;
  std::string district;  // by name: only alerts for it or the whole city
  absl::Time now;
};

// A place in a list of alerts, which is ordered by (seq, id), newest first.
struct AlertPlace {
  int64_t seq = 0;
  std::string id;
};

// Which posts a feed shows.
struct PostFilter {
  std::string topic;     // by name; "" for all
  std::string district;  // by name: only posts for it or the whole city; "" for all
};

// The tables of alerts, their posts and topics. Each method is one step that must be atomic with
// what its caller does, so it runs in the caller's transaction; methods that only read accept a
// reading transaction. Errors are those of sql::Transaction. Thread-safe.
class AlertStore {
 public:
  // --- Topics. ---

  // By position, then by name; retired ones too.
  absl::StatusOr<std::vector<Topic>> ListTopics(sql::Transaction& transaction);
  absl::StatusOr<std::optional<Topic>> GetTopic(sql::Transaction& transaction,
                                                absl::string_view name);
  // False when there is a topic of this name.
  absl::StatusOr<bool> AddTopic(sql::Transaction& transaction, const Topic& topic);
  absl::Status UpdateTopic(sql::Transaction& transaction, const Topic& topic);

  // --- Alerts. ---

  // AlreadyExists when another alert has the same source.
  absl::Status Add(sql::Transaction& transaction, const Alert& alert);
  absl::StatusOr<std::optional<Alert>> Get(sql::Transaction& transaction, absl::string_view id);
  // Locks the alert until the transaction ends; changes nothing.
  absl::StatusOr<std::optional<Alert>> Lock(sql::Transaction& transaction, absl::string_view id);
  // Stores all that may change, with the next version. REQUIRES: Lock in the same transaction.
  absl::Status Update(sql::Transaction& transaction, Alert& alert);
  // At most `limit` alerts after `after`, newest first.
  absl::StatusOr<std::vector<Alert>> List(sql::Transaction& transaction, const AlertFilter& filter,
                                          const std::optional<AlertPlace>& after, int limit);
  // The ids of at most `limit` alerts that are to be published or expire at `now`.
  absl::StatusOr<std::vector<std::string>> ListDue(sql::Transaction& transaction, absl::Time now,
                                                   int limit);
  // The id of the alert that was imported from `source`; "" for none.
  absl::StatusOr<std::string> FindSource(sql::Transaction& transaction, absl::string_view source);

  // --- Posts. ---

  // Publishes the alert as it is: gives it the next revision and the next number of the sequence
  // that it shares with notices (the counter stays locked until the transaction ends), stores it,
  // and writes post, targets, revision and fan-out. REQUIRES: Lock in the same transaction; at most
  // one post of an alert in a transaction.
  absl::StatusOr<AlertPost> Post(sql::Transaction& transaction, Alert& alert, absl::Time now);
  // Stores what a step has made of the alert, and publishes it when the step says so. The first
  // publication of an alert marks the one that it supersedes. REQUIRES: as Update, or as Post.
  absl::Status Save(sql::Transaction& transaction, Alert& alert, AlertStep step, absl::Time now);
  // The posts with a number above `after`, oldest first.
  absl::StatusOr<std::vector<AlertPost>> ListPostsAfter(sql::Transaction& transaction,
                                                        int64_t after, int limit);
  absl::StatusOr<std::optional<AlertPost>> GetPost(sql::Transaction& transaction, int64_t seq);
  // The posts of these numbers with what they say; unknown numbers are skipped.
  absl::StatusOr<std::vector<PublishedAlert>> GetPosts(sql::Transaction& transaction,
                                                       absl::Span<const int64_t> seqs);
  // One publication of an alert; the newest for nullopt.
  absl::StatusOr<std::optional<PublishedAlert>> GetPublished(sql::Transaction& transaction,
                                                             absl::string_view alert,
                                                             std::optional<int64_t> revision);
  // The newest posts, newest first.
  absl::StatusOr<std::vector<PublishedAlert>> ListFeed(sql::Transaction& transaction,
                                                       const PostFilter& filter, int limit);
};

}  // namespace veche::notifications

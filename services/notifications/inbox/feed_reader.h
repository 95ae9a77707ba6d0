#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/notice.h"
#include "services/notifications/domain/subscription.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/feed_store.h"
#include "services/notifications/storage/store.h"

namespace veche::notifications {

// An alert in one resident's feed.
struct AlertLine {
  PublishedAlert alert;
  bool read = false;
};

// One thing that a resident gets, with its number in the sequence of all.
using FeedItem = std::variant<Notice, AlertLine, Marking>;
int64_t SeqOf(const FeedItem& item);

// Merges a resident's own notices with the alerts that match the resident's subscription. Each
// method reads in the caller's transaction; errors are those of sql::Transaction. Thread-safe.
//
// Of each alert the feed has the newest post only, and none when another alert took its place.
// Alerts that have expired or are cancelled stay in the feed and count as read. The search for
// unread alerts ends after kMostLooked alerts, so that it is quick for whoever never marks any.
class FeedReader {
 public:
  // All must outlive the object.
  FeedReader(Store& notices, AlertStore& alerts, FeedStore& feed)
      : notices_(notices), alerts_(alerts), feed_(feed) {}

  // The newest `limit` notices and alerts with a number below `before`, newest first; only unread
  // ones if `unread` is set.
  absl::StatusOr<std::vector<FeedItem>> List(sql::Transaction& transaction,
                                             const Subscription& subscription, int64_t before,
                                             bool unread, int limit, absl::Time now);
  // The oldest `limit` notices, alerts and markings with a number above `after`, up to `last`,
  // oldest first: what a stream missed. It has all posts of alerts, like a stream that missed none.
  absl::StatusOr<std::vector<FeedItem>> ListMissed(sql::Transaction& transaction,
                                                   const Subscription& subscription, int64_t after,
                                                   int64_t last, int limit);
  // How many are unread. Counting ends at kMostNotices notices and kMostAlerts alerts.
  absl::StatusOr<int64_t> CountUnread(sql::Transaction& transaction,
                                      const Subscription& subscription, absl::Time now);

  static constexpr int kMostNotices = 1000;
  static constexpr int kMostAlerts = 100;
  static constexpr int kMostLooked = 400;

 private:
  // The states of the newest `limit` posts below `before` that a feed shows.
  absl::StatusOr<std::vector<PostState>> ListCurrent(sql::Transaction& transaction,
                                                     const Subscription& subscription,
                                                     int64_t before, bool unread, int limit,
                                                     absl::Time now);

  Store& notices_;
  AlertStore& alerts_;
  FeedStore& feed_;
};

}  // namespace veche::notifications

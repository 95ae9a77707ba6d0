#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/inbox/feed_reader.h"
#include "services/notifications/inbox/subscribers.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/feed_store.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/storage/subscription_store.h"
#include "services/notifications/streams/notice_hub.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::notifications {

// A resident's own inbox. Thread-safe; may block.
class InboxCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& notices;
    AlertStore& alerts;
    FeedStore& feed;
    SubscriptionStore& subscriptions;
    Subscribers& subscribers;
    NoticeHub& hub;
    DistrictMapProvider districts;
    const Texts& texts;
    const Clock& clock;
    // Called after each commit that stored a marking, on any thread; it must be quick.
    std::function<void()> on_marking;
  };
  // All of `parts` must outlive the object.
  explicit InboxCalls(Parts parts)
      : parts_(std::move(parts)), reader_(parts_.notices, parts_.alerts, parts_.feed) {}

  absl::StatusOr<v1::ListNotificationsResponse> ListNotifications(
      const rpc::Call& call, const v1::ListNotificationsRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::MarkReadResponse> MarkRead(const rpc::Call& call,
                                                const v1::MarkReadRequest& request,
                                                Violations violations = {});
  absl::Status WatchNotifications(
      const rpc::Call& call, const v1::WatchNotificationsRequest& request,
      std::shared_ptr<rpc::StreamWriter<v1::WatchNotificationsResponse>> writer);

 private:
  // Marks and stores the marking; everything when `seqs` is empty. Returns how many are unread.
  absl::StatusOr<int64_t> Mark(sql::Transaction& transaction, const rpc::Call& call,
                               const std::vector<int64_t>& seqs);

  const Parts parts_;
  FeedReader reader_;
};

}  // namespace veche::notifications

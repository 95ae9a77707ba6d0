#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/streams/notice_hub.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::notifications {

// A resident's own inbox. Thread-safe; may block.
class InboxCalls {
 public:
  // All must outlive the object.
  InboxCalls(sql::Database& database, Store& store, NoticeHub& hub, const Texts& texts)
      : database_(database), store_(store), hub_(hub), texts_(texts) {}

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
  sql::Database& database_;
  Store& store_;
  NoticeHub& hub_;
  const Texts& texts_;
};

}  // namespace veche::notifications

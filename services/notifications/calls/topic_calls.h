#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/storage/alert_store.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// The topics of alerts. Thread-safe; may block. The dependencies must outlive this object.
class TopicCalls {
 public:
  TopicCalls(sql::Database& database, AlertStore& store) : database_(database), store_(store) {}

  absl::StatusOr<v1::ListTopicsResponse> ListTopics(const rpc::Call& call,
                                                    const v1::ListTopicsRequest& request);
  absl::StatusOr<v1::Topic> CreateTopic(const rpc::Call& call,
                                        const v1::CreateTopicRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Topic> UpdateTopic(const rpc::Call& call,
                                        const v1::UpdateTopicRequest& request,
                                        Violations violations = {});

 private:
  sql::Database& database_;
  AlertStore& store_;
};

}  // namespace veche::notifications

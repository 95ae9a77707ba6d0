#include "services/notifications/calls/topic_calls.h"

#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "services/notifications/calls/alert_input.h"
#include "services/notifications/calls/alert_view.h"
#include "services/notifications/domain/alert_errors.h"

namespace veche::notifications {

absl::StatusOr<v1::ListTopicsResponse> TopicCalls::ListTopics(
    const rpc::Call& call, const v1::ListTopicsRequest& request) {
  const bool retired = request.retired() && (call.principal().Is(options::v1::EDITOR) ||
                                             call.principal().Is(options::v1::ADMIN));
  std::vector<Topic> topics;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(topics, store_.ListTopics(transaction));
    return absl::OkStatus();
  }));
  v1::ListTopicsResponse response;
  for (const Topic& topic : topics) {
    if (!topic.retired || retired) *response.add_topics() = ToWire(topic, call.language());
  }
  return response;
}

absl::StatusOr<v1::Topic> TopicCalls::CreateTopic(const rpc::Call& call,
                                                  const v1::CreateTopicRequest& request,
                                                  Violations violations) {
  const Topic topic = ReadTopic(request.topic(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const v1::Topic wire = ToWire(topic, call.language());
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool added, store_.AddTopic(transaction, topic));
    if (!added) return TopicExists(topic.name);
    return call.Remember(transaction, wire);
  }));
  return wire;
}

absl::StatusOr<v1::Topic> TopicCalls::UpdateTopic(
    const rpc::Call& call, const v1::UpdateTopicRequest& request,
    // A handler takes its violations by value.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    Violations violations) {
  v1::Topic wire;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Topic> old,
                     store_.GetTopic(transaction, request.topic().name()));
    if (!old) return TopicNotFound(request.topic().name());
    v1::Topic merged = ToWire(*old, call.language());
    if (!request.topic().titles().empty()) *merged.mutable_titles() = request.topic().titles();
    if (request.topic().has_position()) merged.set_position(request.topic().position());
    if (request.topic().has_retired()) merged.set_retired(request.topic().retired());
    Violations found = violations;
    const Topic topic = ReadTopic(merged, found);
    RETURN_IF_ERROR(found.ToStatus());
    RETURN_IF_ERROR(store_.UpdateTopic(transaction, topic));
    wire = ToWire(topic, call.language());
    return call.Remember(transaction, wire);
  }));
  return wire;
}

}  // namespace veche::notifications

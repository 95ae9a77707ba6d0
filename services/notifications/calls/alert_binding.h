#pragma once

#include "common/rpc/service_builder.h"
#include "services/notifications/calls/alert_calls.h"
#include "services/notifications/calls/feed_calls.h"
#include "services/notifications/calls/file_calls.h"
#include "services/notifications/calls/import_calls.h"
#include "services/notifications/calls/topic_calls.h"

namespace veche::notifications {

// The handlers of the service Alerts. All must outlive what serves them.
struct AlertHandlers {
  TopicCalls& topics;
  AlertCalls& alerts;
  FileCalls& files;
  FeedCalls& feeds;
  ImportCalls& imports;
};
rpc::ServiceBuilder BindAlerts(const AlertHandlers& handlers);

}  // namespace veche::notifications

#include "services/notifications/calls/alert_binding.h"

namespace veche::notifications {

rpc::ServiceBuilder BindAlerts(const AlertHandlers& handlers) {
  return rpc::ServiceBuilder("veche.notifications.v1.Alerts")
      .Unary(handlers.topics, &TopicCalls::ListTopics, &TopicCalls::CreateTopic,
             &TopicCalls::UpdateTopic)
      .Unary(handlers.alerts, &AlertCalls::ListAlerts, &AlertCalls::GetAlert,
             &AlertCalls::CreateAlert, &AlertCalls::UpdateAlert, &AlertCalls::RequestReview,
             &AlertCalls::ReturnAlert, &AlertCalls::PublishAlert, &AlertCalls::CancelAlert,
             &AlertCalls::PreviewAlert)
      .Consume(handlers.imports, &ImportCalls::ImportAlerts)
      .Produce(handlers.files, &FileCalls::DownloadAlertFile)
      .Unary(handlers.feeds, &FeedCalls::GetCapDocument, &FeedCalls::GetAtomFeed,
             &FeedCalls::GetCapFeed);
}

}  // namespace veche::notifications

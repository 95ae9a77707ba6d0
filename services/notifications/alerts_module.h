#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/base/texts.h"
#include "common/http_client/client.h"
#include "common/rpc/module.h"
#include "common/rpc/service_builder.h"
#include "common/sql/database.h"
#include "services/notifications/calls/alert_binding.h"
#include "services/notifications/remote/attachments.h"
#include "services/notifications/remote/directory.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/file_store.h"
#include "services/notifications/workers/alert_schedule.h"

namespace veche::notifications {

// The parts of the service Alerts, in the order in which they need each other. Thread-safe.
class AlertsModule {
 public:
  // All must outlive the object. `on_posts` is called after commits that may have written posts, on
  // any thread; it must be quick.
  AlertsModule(const rpc::Environment& environment, sql::Database& database, AlertStore& store,
               RecipientCounter& counter, const Texts& texts, observe::Telemetry& telemetry,
               std::function<void()> on_posts);

  // Fails when documents of other senders cannot be fetched at all.
  absl::Status Prepare();
  rpc::ServiceBuilder Bind();
  void Start();
  void Stop();

  // The copy of the directory's districts.
  Directory& directory() { return directory_; }

 private:
  absl::StatusOr<std::string> Fetch(const std::string& url);

  Directory directory_;
  Attachments attachments_;
  FileStore files_;
  std::unique_ptr<http_client::Client> client_;
  AlertSchedule schedule_;
  TopicCalls topic_calls_;
  FileCalls file_calls_;
  AlertCalls alert_calls_;
  FeedCalls feed_calls_;
  ImportCalls import_calls_;
};

}  // namespace veche::notifications

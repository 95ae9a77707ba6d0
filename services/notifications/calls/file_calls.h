#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/notifications/remote/attachments.h"
#include "services/notifications/storage/file_store.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// The files of alerts: takes over what editors have uploaded, and serves it. Thread-safe; the
// dependencies must outlive this object.
class FileCalls {
 public:
  using File = rpc::StreamProducer<google::api::HttpBody>;

  FileCalls(sql::Database& database, FileStore& files, Attachments& attachments)
      : database_(database), files_(files), attachments_(attachments) {}

  absl::StatusOr<std::unique_ptr<File>> DownloadAlertFile(
      const rpc::Call& call, const v1::DownloadAlertFileRequest& request);

  // Stores the attachments that `alert` names, and replaces their names, types and sizes by those
  // of stored files. Adds a violation for each that is no file for an alert. An error when files
  // cannot be fetched now.
  absl::Status TakeFiles(const rpc::Call& call, v1::Alert& alert, Violations& violations);

 private:
  sql::Database& database_;
  FileStore& files_;
  Attachments& attachments_;
};

}  // namespace veche::notifications

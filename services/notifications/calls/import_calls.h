#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "google/api/httpbody.pb.h"
#include "services/notifications/calls/alert_view.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/feeds/cap_reader.h"
#include "services/notifications/storage/alert_store.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// Imports warnings of other senders as drafts. Thread-safe; may block. The parts must outlive this
// object.
class ImportCalls {
 public:
  using Sink = rpc::StreamSink<google::api::HttpBody, v1::ImportAlertsResponse>;
  // Reads the document at a URL, at most kMostXmlBytes of it, from a public address. Errors are for
  // the caller: a violation of "url", or Unavailable.
  using Fetch = std::function<absl::StatusOr<std::string>(const std::string& url)>;

  struct Parts {
    sql::Database& database;
    AlertStore& store;
    DistrictMapProvider districts;
    const Clock& clock;
    IdSource& ids;
    Fetch fetch;
    std::string public_url;
  };
  explicit ImportCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<std::unique_ptr<Sink>> ImportAlerts(const rpc::Call& call);

 private:
  class Upload;

  absl::StatusOr<v1::ImportAlertsResponse> Import(const std::string& editor,
                                                  const std::string& language,
                                                  absl::string_view content_type,
                                                  const std::string& body);
  // The drafts of a message, checked.
  absl::StatusOr<std::vector<Alert>> MakeDrafts(const CapMessage& message,
                                                const std::string& editor);

  const Parts parts_;
};

}  // namespace veche::notifications

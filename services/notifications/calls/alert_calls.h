#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/calls/alert_input.h"
#include "services/notifications/calls/alert_view.h"
#include "services/notifications/calls/file_calls.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/domain/recipient_count.h"
#include "services/notifications/storage/alert_store.h"
#include "veche/notifications/v1/alerts.pb.h"

namespace veche::notifications {

// What editors do with alerts, and how everybody reads them. Thread-safe; may block. The parts must
// outlive this object.
class AlertCalls {
 public:
  struct Parts {
    sql::Database& database;
    AlertStore& store;
    FileCalls& files;
    RecipientCounter& counter;
    DistrictMapProvider districts;
    const Clock& clock;
    IdSource& ids;
    std::string language;    // the city's
    std::string public_url;  // without a slash at the end
    // Called after each commit that wrote a post or changed a schedule, on any thread; it must be
    // quick.
    std::function<void()> on_change;
  };
  explicit AlertCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::ListAlertsResponse> ListAlerts(const rpc::Call& call,
                                                    const v1::ListAlertsRequest& request,
                                                    Violations violations = {});
  absl::StatusOr<v1::Alert> GetAlert(const rpc::Call& call, const v1::GetAlertRequest& request);
  absl::StatusOr<v1::Alert> CreateAlert(const rpc::Call& call,
                                        const v1::CreateAlertRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Alert> UpdateAlert(const rpc::Call& call,
                                        const v1::UpdateAlertRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Alert> RequestReview(const rpc::Call& call,
                                          const v1::RequestReviewRequest& request);
  absl::StatusOr<v1::Alert> ReturnAlert(const rpc::Call& call,
                                        const v1::ReturnAlertRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Alert> PublishAlert(const rpc::Call& call,
                                         const v1::PublishAlertRequest& request);
  absl::StatusOr<v1::Alert> CancelAlert(const rpc::Call& call,
                                        const v1::CancelAlertRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::PreviewAlertResponse> PreviewAlert(const rpc::Call& call,
                                                        const v1::PreviewAlertRequest& request);

 private:
  using Change = absl::FunctionRef<absl::StatusOr<AlertStep>(Alert&)>;

  AlertView ViewFor(const rpc::Call& call) const;
  // The alert if the caller may see it.
  absl::StatusOr<Alert> Find(const rpc::Call& call, absl::string_view name);
  // The content that `wire` describes, checked, with its files stored. `former` is the alert that
  // it changes, or null.
  absl::StatusOr<Alert> MakeAlert(const rpc::Call& call, v1::Alert wire, const Alert* former,
                                  Violations violations);
  // Runs `change` on the locked alert, publishes it when the change says so, and answers the call.
  absl::StatusOr<v1::Alert> Run(const rpc::Call& call, absl::string_view name,
                                absl::string_view etag, Change change);

  const Parts parts_;
};

}  // namespace veche::notifications

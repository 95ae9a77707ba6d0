#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/calls/appeal_change.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// What departments and moderators do with an appeal. Officers act on their own department's
// appeals, supervisors and moderators on all. Thread-safe; blocking.
class StaffCalls {
 public:
  // `change` must outlive it.
  explicit StaffCalls(const AppealChange& change) : change_(change) {}

  absl::StatusOr<v1::Appeal> StartAppeal(const rpc::Call& call,
                                         const v1::StartAppealRequest& request);
  absl::StatusOr<v1::Appeal> RequestInfo(const rpc::Call& call,
                                         const v1::RequestInfoRequest& request,
                                         Violations violations = {});
  absl::StatusOr<v1::Appeal> ResolveAppeal(const rpc::Call& call,
                                           const v1::ResolveAppealRequest& request,
                                           Violations violations = {});
  absl::StatusOr<v1::Appeal> RejectAppeal(const rpc::Call& call,
                                          const v1::RejectAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> ForwardAppeal(const rpc::Call& call,
                                           const v1::ForwardAppealRequest& request,
                                           Violations violations = {});
  absl::StatusOr<v1::Appeal> MergeAppeal(const rpc::Call& call,
                                         const v1::MergeAppealRequest& request,
                                         Violations violations = {});
  absl::StatusOr<v1::Appeal> ReviewAppeal(const rpc::Call& call,
                                          const v1::ReviewAppealRequest& request,
                                          Violations violations = {});

 private:
  const AppealChange& change_;
};

}  // namespace veche::appeals

#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/calls/appeal_change.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// What residents do with appeals: support, follow, withdraw, reopen, rate. Thread-safe; blocking.
class AuthorCalls {
 public:
  // `change` must outlive it.
  explicit AuthorCalls(const AppealChange& change) : change_(change) {}

  absl::StatusOr<v1::Appeal> SupportAppeal(const rpc::Call& call,
                                           const v1::SupportAppealRequest& request);
  absl::StatusOr<v1::Appeal> UnsupportAppeal(const rpc::Call& call,
                                             const v1::UnsupportAppealRequest& request);
  absl::StatusOr<v1::Appeal> FollowAppeal(const rpc::Call& call,
                                          const v1::FollowAppealRequest& request);
  absl::StatusOr<v1::Appeal> UnfollowAppeal(const rpc::Call& call,
                                            const v1::UnfollowAppealRequest& request);
  absl::StatusOr<v1::Appeal> WithdrawAppeal(const rpc::Call& call,
                                            const v1::WithdrawAppealRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::Appeal> ReopenAppeal(const rpc::Call& call,
                                          const v1::ReopenAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> RateAppeal(const rpc::Call& call, const v1::RateAppealRequest& request,
                                        Violations violations = {});

 private:
  absl::StatusOr<v1::Appeal> SetRelation(const rpc::Call& call, absl::string_view name,
                                         RelationKind kind, bool on);

  const AppealChange& change_;
};

}  // namespace veche::appeals

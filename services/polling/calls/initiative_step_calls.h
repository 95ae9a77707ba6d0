#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/domain/initiative.h"
#include "services/polling/storage/initiative_store.h"
#include "veche/polling/v1/initiatives.pb.h"

namespace veche::polling {

// Support, moderation and the city's answer: every call that changes an initiative. Thread-safe;
// blocking.
class InitiativeStepCalls {
 public:
  // All must outlive it.
  InitiativeStepCalls(sql::Database& database, InitiativeStore& store, const Clock& clock,
                      InitiativeRules rules)
      : database_(database), store_(store), clock_(clock), rules_(rules) {}

  absl::StatusOr<v1::Initiative> ApproveInitiative(const rpc::Call& call,
                                                   const v1::ApproveInitiativeRequest& request);
  absl::StatusOr<v1::Initiative> RejectInitiative(const rpc::Call& call,
                                                  const v1::RejectInitiativeRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::Initiative> SupportInitiative(const rpc::Call& call,
                                                   const v1::SupportInitiativeRequest& request);
  absl::StatusOr<v1::Initiative> UnsupportInitiative(const rpc::Call& call,
                                                     const v1::UnsupportInitiativeRequest& request);
  absl::StatusOr<v1::Initiative> WithdrawInitiative(const rpc::Call& call,
                                                    const v1::WithdrawInitiativeRequest& request);
  absl::StatusOr<v1::Initiative> RespondToInitiative(const rpc::Call& call,
                                                     const v1::RespondToInitiativeRequest& request,
                                                     Violations violations = {});
  absl::StatusOr<v1::Initiative> AddInitiativeStage(const rpc::Call& call,
                                                    const v1::AddInitiativeStageRequest& request,
                                                    Violations violations = {});
  absl::StatusOr<v1::Initiative> MergeInitiative(const rpc::Call& call,
                                                 const v1::MergeInitiativeRequest& request,
                                                 Violations violations = {});
  absl::StatusOr<v1::Initiative> ExpireInitiative(const rpc::Call& call,
                                                  const v1::ExpireInitiativeRequest& request);

 private:
  using Change = absl::FunctionRef<absl::Status(sql::Transaction&, absl::Time now, Initiative&,
                                                InitiativeRecord&)>;
  // Locks the initiative, checks that the caller may see it, changes it, saves it and returns it.
  absl::StatusOr<v1::Initiative> Run(const rpc::Call& call, absl::string_view name, Change change);
  absl::StatusOr<v1::Initiative> SetSupport(const rpc::Call& call, absl::string_view name, bool on);

  sql::Database& database_;
  InitiativeStore& store_;
  const Clock& clock_;
  const InitiativeRules rules_;
};

}  // namespace veche::polling

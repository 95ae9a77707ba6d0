#include "services/polling/calls/initiative_step_calls.h"

#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "services/polling/calls/initiative_view.h"
#include "services/polling/domain/initiative_errors.h"
#include "services/polling/domain/initiative_names.h"
#include "services/polling/domain/initiative_steps.h"

namespace veche::polling {
namespace {

constexpr TextBounds kReason = {.most = 2'000};
constexpr TextBounds kAnswer = {.most = 10'000};
constexpr TextBounds kStageTitle = {.most = 140, .single_line = true};
constexpr TextBounds kStageText = {.least = 0, .most = 10'000};

}  // namespace

absl::StatusOr<v1::Initiative> InitiativeStepCalls::Run(const rpc::Call& call,
                                                        absl::string_view name, Change change) {
  ASSIGN_OR_RETURN(const std::string id, ParseInitiativeName(name));
  v1::Initiative response;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Initiative initiative, store_.Lock(transaction, id));
    RETURN_IF_ERROR(CheckVisible(call.principal(), initiative));
    InitiativeRecord record;
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now()));
    RETURN_IF_ERROR(change(transaction, now, initiative, record));
    RETURN_IF_ERROR(store_.Save(transaction, initiative, record));
    ASSIGN_OR_RETURN(response, ToWireWhole(transaction, store_, initiative, call.principal()));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::ApproveInitiative(
    const rpc::Call& call, const v1::ApproveInitiativeRequest& request) {
  return Run(
      call, request.name(),
      [&](sql::Transaction&, absl::Time now, Initiative& initiative, InitiativeRecord& record) {
        return Approve(ActorOf(call.principal(), initiative), rules_, now, initiative, record);
      });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::RejectInitiative(
    const rpc::Call& call, const v1::RejectInitiativeRequest& request, Violations violations) {
  const std::string reason = ReadText(request.reason(), "reason", kReason, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Run(
      call, request.name(),
      [&](sql::Transaction&, absl::Time now, Initiative& initiative, InitiativeRecord& record) {
        return Reject(ActorOf(call.principal(), initiative), reason, now, initiative, record);
      });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::SetSupport(const rpc::Call& call,
                                                               absl::string_view name, bool on) {
  const std::string& resident = call.principal().name;
  return Run(call, name,
             [&](sql::Transaction& transaction, absl::Time now, Initiative& initiative,
                 InitiativeRecord& record) -> absl::Status {
               if (!IsOpen(initiative.state)) return InitiativeNotOpen(Name(initiative.state));
               ASSIGN_OR_RETURN(const bool changed,
                                store_.SetSupport(transaction, initiative, resident, on));
               if (!changed) return absl::OkStatus();
               record.events.push_back(
                   {on ? InitiativeEvent::kSupported : InitiativeEvent::kUnsupported, {resident}});
               CheckThreshold(rules_, now, initiative, record);
               return absl::OkStatus();
             });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::SupportInitiative(
    const rpc::Call& call, const v1::SupportInitiativeRequest& request) {
  return SetSupport(call, request.name(), true);
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::UnsupportInitiative(
    const rpc::Call& call, const v1::UnsupportInitiativeRequest& request) {
  return SetSupport(call, request.name(), false);
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::WithdrawInitiative(
    const rpc::Call& call, const v1::WithdrawInitiativeRequest& request) {
  return Run(call, request.name(),
             [&](sql::Transaction&, absl::Time now, Initiative& initiative,
                 InitiativeRecord& record) -> absl::Status {
               if (initiative.author != call.principal().name) return NotInitiativeAuthor();
               return Withdraw(ActorOf(call.principal(), initiative), now, initiative, record);
             });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::RespondToInitiative(
    const rpc::Call& call, const v1::RespondToInitiativeRequest& request, Violations violations) {
  using Response = v1::Initiative::Response;
  const std::string text = ReadText(request.text(), "text", kAnswer, violations);
  if (!Response::Decision_IsValid(request.decision())) {
    violations.Add("decision", "UNKNOWN_VALUE");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return Run(
      call, request.name(),
      [&](sql::Transaction&, absl::Time now, Initiative& initiative, InitiativeRecord& record) {
        return Respond(ActorOf(call.principal(), initiative),
                       request.decision() == Response::ACCEPTED, text, now, initiative, record);
      });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::AddInitiativeStage(
    const rpc::Call& call, const v1::AddInitiativeStageRequest& request, Violations violations) {
  const std::string title = ReadText(request.title(), "title", kStageTitle, violations);
  const std::string text = ReadText(request.text(), "text", kStageText, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return Run(
      call, request.name(),
      [&](sql::Transaction& transaction, absl::Time now, Initiative& initiative,
          InitiativeRecord& record) -> absl::Status {
        RETURN_IF_ERROR(
            AddStage(ActorOf(call.principal(), initiative), title, text, now, initiative, record));
        ASSIGN_OR_RETURN(const int64_t stages, store_.CountStages(transaction, initiative.id));
        return stages >= kMostStages ? TooManyStages() : absl::OkStatus();
      });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::ExpireInitiative(
    const rpc::Call& call, const v1::ExpireInitiativeRequest& request) {
  return Run(call, request.name(),
             [](sql::Transaction&, absl::Time now, Initiative& initiative,
                InitiativeRecord& record) { return Expire(now, initiative, record); });
}

absl::StatusOr<v1::Initiative> InitiativeStepCalls::MergeInitiative(
    const rpc::Call& call, const v1::MergeInitiativeRequest& request, Violations violations) {
  ASSIGN_OR_RETURN(const std::string id, ParseInitiativeName(request.name()));
  const auto into = ParseInitiativeName(request.into());
  if (!into.ok()) violations.Add("into", {"NAME_FORM", {{"form", "initiatives/{id}"}}});
  RETURN_IF_ERROR(violations.ToStatus());
  if (*into == id) return InitiativeMergeCycle();
  v1::Initiative response;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto both, store_.LockTwo(transaction, id, *into));
    auto& [repeat, target] = both;
    RETURN_IF_ERROR(CheckVisible(call.principal(), repeat));
    RETURN_IF_ERROR(CheckVisible(call.principal(), target));
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now()));
    InitiativeRecord repeat_record, target_record;
    RETURN_IF_ERROR(Merge(ActorOf(call.principal(), repeat), now, repeat, target, repeat_record,
                          target_record));
    RETURN_IF_ERROR(store_.CarryOver(transaction, repeat, target));
    CheckThreshold(rules_, now, target, target_record);
    RETURN_IF_ERROR(store_.Save(transaction, repeat, repeat_record));
    RETURN_IF_ERROR(store_.Save(transaction, target, target_record));
    ASSIGN_OR_RETURN(response, ToWireWhole(transaction, store_, repeat, call.principal()));
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::polling

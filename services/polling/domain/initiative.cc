#include "services/polling/domain/initiative.h"

#include "absl/algorithm/container.h"

namespace veche::polling {
namespace {

std::vector<InitiativeTransition> Table() {
  using enum InitiativeState;
  using enum InitiativeParty;
  using Action = InitiativeAction;
  const std::vector<InitiativeParty> author = {kAuthor};
  const std::vector<InitiativeParty> moderator = {kModerator};
  const std::vector<InitiativeParty> staff = {kStaff};
  const std::vector<InitiativeParty> reviewers = {kModerator, kStaff};
  const std::vector<InitiativeParty> system = {kSystem};
  return {
      {Action::kApprove, kModeration, kGathering, moderator},
      {Action::kReject, kModeration, kRejected, moderator},
      {Action::kReachThreshold, kGathering, kAwaitingResponse, system},
      {Action::kExpire, kGathering, kExpired, system},
      {Action::kAccept, kAwaitingResponse, kAccepted, staff},
      {Action::kDecline, kAwaitingResponse, kDeclined, staff},
      {Action::kAddStage, kAccepted, kAccepted, staff},
      {Action::kMerge, kModeration, kMerged, reviewers},
      {Action::kMerge, kGathering, kMerged, reviewers},
      {Action::kWithdraw, kModeration, kWithdrawn, author},
      {Action::kWithdraw, kGathering, kWithdrawn, author},
  };
}

}  // namespace

absl::Span<const InitiativeTransition> InitiativeTransitions() {
  static const auto& table = *new std::vector<InitiativeTransition>(Table());
  return table;
}

std::optional<InitiativeState> NextState(InitiativeState from, InitiativeAction action,
                                         absl::Span<const InitiativeParty> parties) {
  for (const InitiativeTransition& row : InitiativeTransitions()) {
    if (row.action != action || row.from != from) continue;
    for (const InitiativeParty party : parties) {
      if (absl::c_linear_search(row.who, party)) return row.to;
    }
  }
  return std::nullopt;
}

absl::string_view Name(InitiativeState state) {
  constexpr absl::string_view kNames[] = {
      "STATE_UNSPECIFIED", "MODERATION", "REJECTED", "GATHERING", "AWAITING_RESPONSE",
      "ACCEPTED",          "DECLINED",   "MERGED",   "EXPIRED",   "WITHDRAWN"};
  return kNames[static_cast<int>(state)];
}

absl::string_view Name(InitiativeAction action) {
  constexpr absl::string_view kNames[] = {"APPROVE",   "REJECT", "REACH_THRESHOLD",
                                          "EXPIRE",    "ACCEPT", "DECLINE",
                                          "ADD_STAGE", "MERGE",  "WITHDRAW"};
  return kNames[static_cast<int>(action)];
}

bool IsOpen(InitiativeState state) {
  return state == InitiativeState::kGathering || state == InitiativeState::kAwaitingResponse;
}

}  // namespace veche::polling

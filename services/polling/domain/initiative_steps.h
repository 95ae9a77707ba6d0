#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "services/polling/domain/initiative.h"

// The steps of an initiative: each changes it by the transition table and records what happened.
// Pure. An error leaves the initiative unchanged.

namespace veche::polling {

// The numbers of v1::PollingEvent::Type.
enum class InitiativeEvent {
  kSubmitted = 20,
  kApproved = 21,
  kRejected = 22,
  kSupported = 23,
  kUnsupported = 24,
  kThresholdReached = 25,
  kExpired = 26,
  kWithdrawn = 27,
  kAccepted = 28,
  kDeclined = 29,
  kStageAdded = 30,
  kMerged = 31,
  kResponseOverdue = 32,
};

// What a change writes besides the initiative itself.
struct InitiativeRecord {
  struct Event {
    InitiativeEvent type;
    std::vector<std::string> residents = {};  // who must hear of it
  };
  std::vector<InitiativeEntry> entries;
  std::vector<Event> events;
};

// Who makes a step, in which roles.
struct InitiativeActor {
  std::string name = {};
  std::string department = {};
  std::vector<InitiativeParty> parties = {InitiativeParty::kSystem};
};

// Each: INITIATIVE_STEP_NOT_ALLOWED when the table has no row for it.
absl::Status Approve(const InitiativeActor& actor, const InitiativeRules& rules, absl::Time now,
                     Initiative& initiative, InitiativeRecord& record);
absl::Status Reject(const InitiativeActor& actor, absl::string_view reason, absl::Time now,
                    Initiative& initiative, InitiativeRecord& record);
absl::Status Respond(const InitiativeActor& actor, bool accepted, absl::string_view text,
                     absl::Time now, Initiative& initiative, InitiativeRecord& record);
absl::Status AddStage(const InitiativeActor& actor, absl::string_view title, absl::string_view text,
                      absl::Time now, Initiative& initiative, InitiativeRecord& record);
absl::Status Withdraw(const InitiativeActor& actor, absl::Time now, Initiative& initiative,
                      InitiativeRecord& record);
// INITIATIVE_NOT_OPEN when the target neither gathers support nor waits for an answer. The counts
// of supporters are the caller's.
absl::Status Merge(const InitiativeActor& actor, absl::Time now, Initiative& repeat,
                   Initiative& target, InitiativeRecord& repeat_record,
                   InitiativeRecord& target_record);

// Ends the gathering of support at `now`.
absl::Status Expire(absl::Time now, Initiative& initiative, InitiativeRecord& record);

// After a change of supporter_count: reaches the threshold if there are enough.
void CheckThreshold(const InitiativeRules& rules, absl::Time now, Initiative& initiative,
                    InitiativeRecord& record);
// What the clock does: expires an initiative whose end date has passed, notes an overdue answer.
// An empty record: there was nothing to do.
void CheckSchedule(absl::Time now, Initiative& initiative, InitiativeRecord& record);

}  // namespace veche::polling

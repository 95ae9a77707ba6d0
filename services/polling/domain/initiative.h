#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

// What an initiative is and which steps it may take. Pure. Districts, categories, departments,
// appeals and people are full names ("districts/north"), "" for none; initiatives are ids.

namespace veche::polling {

// The enums have the numbers of the protos and are stored as numbers, so a number never changes.
enum class InitiativeState {
  kModeration = 1,
  kRejected = 2,
  kGathering = 3,
  kAwaitingResponse = 4,
  kAccepted = 5,
  kDeclined = 6,
  kMerged = 7,
  kExpired = 8,
  kWithdrawn = 9,
};
inline constexpr int kInitiativeStates = 9;

enum class InitiativeAction {
  kApprove,
  kReject,
  kReachThreshold,
  kExpire,
  kAccept,
  kDecline,
  kAddStage,
  kMerge,
  kWithdraw,
};
inline constexpr int kInitiativeActions = 9;

// Who acts. A person may be several of them.
enum class InitiativeParty { kAuthor, kModerator, kStaff, kSystem };

// One row of the table: who may do `action` in the state `from`, and what the state is then.
struct InitiativeTransition {
  InitiativeAction action;
  InitiativeState from;
  InitiativeState to;
  std::vector<InitiativeParty> who;
};
// The whole table; docs/initiatives.md shows it.
absl::Span<const InitiativeTransition> InitiativeTransitions();
// The state after `action` by one of `parties`; nothing when the table has no such row.
std::optional<InitiativeState> NextState(InitiativeState from, InitiativeAction action,
                                         absl::Span<const InitiativeParty> parties);

// "AWAITING_RESPONSE", "REACH_THRESHOLD".
absl::string_view Name(InitiativeState state);
absl::string_view Name(InitiativeAction action);

// Whether residents support and discuss it.
bool IsOpen(InitiativeState state);

// What the city's configuration says.
struct InitiativeRules {
  int64_t threshold = 300;
  absl::Duration gathering = absl::Hours(24 * 90);
  absl::Duration response = absl::Hours(24 * 30);
};

inline constexpr int kMostStages = 100;
inline constexpr int kMostInitiativesADay = 5;
inline constexpr int kMostPictures = 5;

// The numbers of v1::Initiative::Entry::Type.
enum class InitiativeEntryType {
  kSubmitted = 1,
  kApproved = 2,
  kRejected = 3,
  kThresholdReached = 4,
  kExpired = 5,
  kAccepted = 6,
  kDeclined = 7,
  kStage = 8,
  kMerged = 9,
  kMergedFrom = 10,
  kWithdrawn = 11,
  kResponseOverdue = 12,
};

// A step in an initiative's history.
struct InitiativeEntry {
  InitiativeEntryType type = InitiativeEntryType::kSubmitted;
  absl::Time time;
  std::string actor = {};       // who did it; never shown to the public
  std::string department = {};  // of the actor
  std::string title = {};
  std::string text = {};
};

struct Initiative {
  std::string id;  // ULID of its creation
  InitiativeState state = InitiativeState::kModeration;
  bool published = false;  // a moderator has approved it once
  std::string author;      // "residents/{id}" or "staff/{id}"
  std::string title, text;
  std::string masked_title, masked_text;  // "" when there is nothing to mask
  std::string district, category;
  std::vector<std::string> pictures;  // hashes
  int64_t supporter_count = 0;
  int64_t comment_count = 0;
  int64_t threshold = 0;
  absl::Time created;
  std::optional<absl::Time> end;           // of gathering
  std::optional<absl::Time> response_due;  // from when the threshold was reached
  std::optional<absl::Time> next_check;    // when the schedule has to look at it
  bool overdue = false;                    // the answer
  std::string merged_into;                 // id
  std::string rejection_reason;
  // The city's answer; "" while there is none.
  std::string response_text, response_department;
  std::optional<absl::Time> response_time;
};

// The texts that everyone may see.
inline const std::string& PublicTitle(const Initiative& initiative) {
  return initiative.masked_title.empty() ? initiative.title : initiative.masked_title;
}
inline const std::string& PublicText(const Initiative& initiative) {
  return initiative.masked_text.empty() ? initiative.text : initiative.masked_text;
}

}  // namespace veche::polling

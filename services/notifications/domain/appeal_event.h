#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/text.h"
#include "services/notifications/domain/notice.h"

// Events of appeals: which of them give a notice, and to whom.

namespace veche::notifications {

// The types of events that concern anybody. The numbers are those of
// veche.appeals.v1.AppealEvent.Type; its other types are not named here.
enum class AppealEventType {
  kUnknown = 0,
  kSubmitted = 1,
  kAssigned = 3,
  kStarted = 4,
  kInfoRequested = 5,
  kResolved = 7,
  kRejected = 8,
  kForwarded = 9,
  kMerged = 10,
  kReopened = 12,
  kClosed = 14,
  kMessaged = 16,
  kSupported = 17,
  kUnsupported = 18,
  kFollowed = 19,
  kUnfollowed = 20,
  kEscalated = 22,
  kLinked = 27,
};

// An event of the appeals' log.
struct AppealEvent {
  std::string id;    // ULID
  std::string type;  // "veche.appeals.resolved", as it is stored
  AppealEventType parsed_type = AppealEventType::kUnknown;
  std::string appeal;       // "appeals/{id}"
  std::string number;       // the number that people see
  std::string state;        // "RESOLVED"
  std::string author;       // "residents/{id}"; "" for a guest without contact
  std::string actor;        // "residents/{id}" or "staff/{id}"; "" for the system
  std::string department;   // "departments/{id}"; "" while none has the appeal
  std::string merged_into;  // of a merge: the "appeals/{id}" that stays open
  absl::Time time;
};

FollowChange FollowChangeOf(const AppealEvent& event);

// Whether author and followers get a notice of the event. Routing gives one notice, that of
// `assigned`; `registered` alone tells the author nothing new. Messages give one when staff wrote
// them. An escalation gives one when the answer of a department is overdue; one without a
// department is a matter of the city alone.
bool IsNews(const AppealEvent& event);

// Whether the author gets a receipt by contact: of a new appeal.
bool IsReceipt(const AppealEvent& event);

// REQUIRES: IsNews or IsReceipt.
News NewsOf(const AppealEvent& event);

// The title of a notice, one line; the number alone where the type is not known.
Text TitleOf(AppealEventType type, absl::string_view number);

}  // namespace veche::notifications

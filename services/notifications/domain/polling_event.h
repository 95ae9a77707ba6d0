#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/text.h"
#include "services/notifications/domain/notice.h"

// Events of polls and initiatives: which of them give a notice, and to whom.

namespace veche::notifications {

// The types of events that concern anybody. The numbers are those of
// veche.polling.v1.PollingEvent.Type; its other types are not named here.
enum class PollingEventType {
  kUnknown = 0,
  kPollOpened = 1,
  kPollClosingSoon = 2,
  kPollClosed = 3,
  kInitiativeApproved = 21,
  kInitiativeRejected = 22,
  kInitiativeSupported = 23,
  kInitiativeUnsupported = 24,
  kInitiativeThresholdReached = 25,
  kInitiativeExpired = 26,
  kInitiativeWithdrawn = 27,
  kInitiativeAccepted = 28,
  kInitiativeDeclined = 29,
  kInitiativeStageAdded = 30,
  kInitiativeMerged = 31,
  kInitiativeResponseOverdue = 32,
  kCommentCreated = 40,
  kCommentHidden = 41,
};

// An event of polling's log.
struct PollingEvent {
  std::string id;    // ULID
  std::string type;  // "veche.polling.poll_opened", as it is stored
  PollingEventType parsed_type = PollingEventType::kUnknown;
  std::string subject;  // "polls/{id}" or "initiatives/{id}"
  Titles titles;
  std::vector<std::string> districts;  // "districts/{id}"; empty: the whole city
  std::vector<std::string> residents;  // whom the event names: an author, or who supports
  std::string merged_into;             // of a merge: the "initiatives/{id}" that goes on
  absl::Time time;
};

// kSupport and kUnsupport are of the first of `residents`.
FollowChange FollowChangeOf(const PollingEvent& event);

// Polls concern districts; what happens to an initiative concerns its author and supporters; a
// comment concerns whom the event names. Nullopt for an event that gives no notice, such as a
// single resident's support, and for one older than a day: what it invites to may be over. An event
// is as old when notifications first follow an existing log, or were stopped for long.
std::optional<News> NewsOf(const PollingEvent& event, absl::Time now);

// The title of a notice, one line; the subject's title alone where the type is not known.
Text TitleOf(PollingEventType type, absl::string_view title);

}  // namespace veche::notifications

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/geo/point.h"
#include "common/triage/priority.h"
#include "services/appeals/domain/deadlines.h"

// What an appeal is and which steps it may take. Pure: no wire types, no SQL, no clock, no I/O.
// References to other resources are their full names ("districts/vakhitovsky"), "" for none.

namespace veche::appeals {

// The enums have the numbers of the protos and are stored as numbers, so a number never changes.
enum class Class { kFormal = 1, kMessage = 2 };
enum class Kind { kComplaint = 1, kRequest = 2, kSuggestion = 3, kQuestion = 4, kThanks = 5 };
enum class Visibility { kPublic = 1, kPrivate = 2 };
enum class Priority { kUnknown = 0, kLow = 1, kNormal = 2, kHigh = 3, kEmergency = 4 };
enum class State {
  kSubmitted = 1,
  kRegistered = 2,
  kAssigned = 3,
  kInProgress = 4,
  kNeedsInfo = 5,
  kResolved = 6,
  kClosed = 7,
  kRejected = 8,
  kForwarded = 9,
  kMerged = 10,
  kWithdrawn = 11,
};
inline constexpr int kStates = 11;

// Who acts: the author, staff of the appeal's department, a supervisor, or the service itself.
enum class Party { kAuthor = 1, kOfficer = 2, kSupervisor = 3, kSystem = 4 };

// Who may read an entry of the timeline; stored as numbers.
enum class Audience { kPublic = 1, kParties = 2, kStaff = 3 };

enum class Action {
  kRegister,
  kAssign,
  kStart,
  kRequestInfo,
  kGiveInfo,
  kResolve,
  kReject,
  kForward,
  kMerge,
  kWithdraw,
  kReopen,
  kRate,
  kClose,
};
inline constexpr int kActions = 13;

// How an appeal ended. Solved appeals and appeals closed without a solution are never counted
// together.
enum class Outcome { kOpen, kSolved, kUnsolved };

// A stored file. It belongs to at most one appeal.
struct Attachment {
  std::string id = {};
  std::string owner = {};     // the uploader's name, "" for a guest
  std::string uploader = {};  // whose quota the upload counts for; not read back
  std::string content_type = {};
  int64_t size_bytes = 0;
  std::string sha256 = {};                // hexadecimal
  std::string blob = {};                  // where the bytes are
  std::string appeal = {};                // id, "" while it belongs to none
  int64_t entry = 0;                      // of the appeal's timeline
  Audience audience = Audience::kPublic;  // of that entry
};

// Who chose an appeal's department; stored as numbers.
enum class RoutedBy {
  kNobody = 0,
  kRule = 1,
  kCategory = 2,
  kModel = 3,
  kPerson = 4,
  kCategories = 5,  // several likely categories of the same department
};

// Why an appeal has its department.
struct Routing {
  RoutedBy by = RoutedBy::kNobody;
  std::string rule = {};               // id
  std::string title = {};              // the rule's or the category's, as it was then
  double probability = 0;              // that the classifier gave, where it was asked
  std::string model = {};              // the model's version
  std::string previous_category = {};  // the category that a rule replaced
  // The classifier's category when it was not sure enough; "" once a person has decided. If a
  // department was chosen nevertheless, this is the appeal's category until a person confirms it.
  std::string suggested_category = {};
};

// The classifier's scores of a text's tone; no text is hidden or refused because of them.
struct Moderation {
  double toxicity = 0;               // 0..1
  double spam = 0;                   // 0..1
  std::vector<std::string> reasons;  // "threat", "link" …
  bool waits = false;                // for a moderator's review
};

struct Appeal {
  std::string id;  // ULID of its creation
  std::string number;
  int64_t version = 0;
  Class appeal_class = Class::kMessage;
  Kind kind = Kind::kComplaint;
  State state = State::kSubmitted;
  Visibility visibility = Visibility::kPublic;
  Priority priority = Priority::kUnknown;
  std::string text;
  std::string masked_text;  // "" when there is nothing to mask in `text`
  std::string language;     // "" until known
  std::optional<geo::LatLng> location;
  std::string address;
  std::string district;
  std::string category;
  std::string department;
  std::string author;    // "" for a guest without contact
  std::string assignee;  // "staff/{id}"
  std::string channel;
  std::string follow_token_hash;
  std::string answer;
  std::string advice;
  std::string merged_into;  // id
  int rating = 0;
  int64_t supporter_count = 0;
  int64_t entry_count = 0;  // of the timeline; the newest entry's id
  absl::Time created;       // whole milliseconds, the same as in `id`
  absl::Time updated;
  std::optional<absl::Time> registered;
  std::optional<absl::Time> due;
  std::optional<absl::Time> resolved;
  // When the deadline worker checks the appeal next, and which warnings it has already given.
  std::optional<absl::Time> next_check;
  Alarm alarm = Alarm::kNone;
  // The inputs of `due`.
  DeadlineClock clock;
  std::string legal_profile;
  bool routed = false;  // the router has finished with it
  Routing routing;
  std::vector<triage::Reason> reasons;  // of its priority, from text and topic
  int64_t similar_count = 0;            // open appeals near by when it was routed (kMostSimilar)
  Moderation moderation;
  uint64_t fingerprint = 0;             // of the public text; 0 while it has none
  std::vector<std::string> outcomes;    // "polls/{id}", "initiatives/{id}" that it led to
  std::vector<Attachment> attachments;  // of the appeal itself, in the order given
};

// When another appeal is similar: the same category, within this distance, and not older than this.
inline constexpr double kSimilarRadiusMeters = 300;
inline constexpr absl::Duration kSimilarFor = absl::Hours(30 * 24);
inline constexpr int kMostSimilar = 100;  // of the appeals that are examined

inline constexpr size_t kMostOutcomes = 100;

// The urgency, from the text, the number of supporters and of similar appeals near by, and the time
// that is left.
triage::Assessment Urgency(const Appeal& appeal);
// The priority to store: that of Urgency, but at least HIGH when the answer is overdue.
Priority PriorityOf(const Appeal& appeal);

// One row of the table: who may do `action` in the state `from`, and what the state is then.
struct Transition {
  Action action;
  State from;
  State to;
  std::vector<Party> who;
};
// The whole table; README.md shows it.
const std::vector<Transition>& Transitions();
// The state after `action` by `who`; nothing when the table has no such row.
std::optional<State> NextState(State from, Action action, Party who);

// "IN_PROGRESS", "REQUEST_INFO", "AUTHOR".
absl::string_view Name(State state);
absl::string_view Name(Action action);
absl::string_view Name(Party party);
absl::string_view Name(Priority priority);

// Whether somebody still has to act on the appeal.
bool IsOpen(State state);
Outcome OutcomeOf(State state);

// The text that everyone may see.
inline const std::string& PublicText(const Appeal& appeal) {
  return appeal.masked_text.empty() ? appeal.text : appeal.masked_text;
}

}  // namespace veche::appeals

#include "services/appeals/storage/wire_types.h"

#include "common/events/type_name.h"
#include "veche/appeals/v1/appeal.pb.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::appeals {
namespace {

using WireEntry = v1::Timeline::Entry;
using WireEvent = v1::AppealEvent;

template <typename Domain, typename Wire>
constexpr bool Same(Domain domain, Wire wire) {
  return static_cast<int>(domain) == static_cast<int>(wire);
}

static_assert(Same(EntryType::kSubmitted, WireEntry::SUBMITTED));
static_assert(Same(EntryType::kRegistered, WireEntry::REGISTERED));
static_assert(Same(EntryType::kAssigned, WireEntry::ASSIGNED));
static_assert(Same(EntryType::kStarted, WireEntry::STARTED));
static_assert(Same(EntryType::kInfoRequested, WireEntry::INFO_REQUESTED));
static_assert(Same(EntryType::kInfoGiven, WireEntry::INFO_GIVEN));
static_assert(Same(EntryType::kResolved, WireEntry::RESOLVED));
static_assert(Same(EntryType::kRejected, WireEntry::REJECTED));
static_assert(Same(EntryType::kForwarded, WireEntry::FORWARDED));
static_assert(Same(EntryType::kMerged, WireEntry::MERGED));
static_assert(Same(EntryType::kWithdrawn, WireEntry::WITHDRAWN));
static_assert(Same(EntryType::kReopened, WireEntry::REOPENED));
static_assert(Same(EntryType::kRated, WireEntry::RATED));
static_assert(Same(EntryType::kClosed, WireEntry::CLOSED));
static_assert(Same(EntryType::kInProgress, WireEntry::IN_PROGRESS));
static_assert(Same(EntryType::kNeedsInfo, WireEntry::NEEDS_INFO));
static_assert(Same(EntryType::kComment, WireEntry::COMMENT));
static_assert(Same(EntryType::kNote, WireEntry::NOTE));
static_assert(Same(EntryType::kDeadlineChanged, WireEntry::DEADLINE_CHANGED));
static_assert(Same(EntryType::kCategoryChanged, WireEntry::CATEGORY_CHANGED));
static_assert(Same(EntryType::kLocationChanged, WireEntry::LOCATION_CHANGED));
static_assert(Same(EntryType::kPriorityChanged, WireEntry::PRIORITY_CHANGED));
static_assert(Same(EntryType::kWarned, WireEntry::WARNED));
static_assert(Same(EntryType::kEscalated, WireEntry::ESCALATED));
static_assert(Same(EntryType::kReviewed, WireEntry::REVIEWED));
static_assert(Same(EntryType::kMergedFrom, WireEntry::MERGED_FROM));
static_assert(Same(EntryType::kLinked, WireEntry::LINKED));
static_assert(Same(EntryType::kLinked, WireEntry::Type_MAX));

static_assert(Same(EventType::kSubmitted, WireEvent::SUBMITTED));
static_assert(Same(EventType::kRegistered, WireEvent::REGISTERED));
static_assert(Same(EventType::kAssigned, WireEvent::ASSIGNED));
static_assert(Same(EventType::kStarted, WireEvent::STARTED));
static_assert(Same(EventType::kInfoRequested, WireEvent::INFO_REQUESTED));
static_assert(Same(EventType::kInfoGiven, WireEvent::INFO_GIVEN));
static_assert(Same(EventType::kResolved, WireEvent::RESOLVED));
static_assert(Same(EventType::kRejected, WireEvent::REJECTED));
static_assert(Same(EventType::kForwarded, WireEvent::FORWARDED));
static_assert(Same(EventType::kMerged, WireEvent::MERGED));
static_assert(Same(EventType::kWithdrawn, WireEvent::WITHDRAWN));
static_assert(Same(EventType::kReopened, WireEvent::REOPENED));
static_assert(Same(EventType::kRated, WireEvent::RATED));
static_assert(Same(EventType::kClosed, WireEvent::CLOSED));
static_assert(Same(EventType::kMergedFrom, WireEvent::MERGED_FROM));
static_assert(Same(EventType::kMessaged, WireEvent::MESSAGED));
static_assert(Same(EventType::kSupported, WireEvent::SUPPORTED));
static_assert(Same(EventType::kUnsupported, WireEvent::UNSUPPORTED));
static_assert(Same(EventType::kFollowed, WireEvent::FOLLOWED));
static_assert(Same(EventType::kUnfollowed, WireEvent::UNFOLLOWED));
static_assert(Same(EventType::kWarned, WireEvent::WARNED));
static_assert(Same(EventType::kEscalated, WireEvent::ESCALATED));
static_assert(Same(EventType::kDeadlineChanged, WireEvent::DEADLINE_CHANGED));
static_assert(Same(EventType::kRecategorized, WireEvent::RECATEGORIZED));
static_assert(Same(EventType::kRelocated, WireEvent::RELOCATED));
static_assert(Same(EventType::kReprioritized, WireEvent::REPRIORITIZED));
static_assert(Same(EventType::kLinked, WireEvent::LINKED));
static_assert(Same(EventType::kLinked, WireEvent::Type_MAX));

}  // namespace

const std::string& EntryTypeName(EntryType type) {
  return WireEntry::Type_Name(static_cast<WireEntry::Type>(type));
}

EntryType ParseEntryType(absl::string_view name) {
  WireEntry::Type type = WireEntry::TYPE_UNSPECIFIED;
  WireEntry::Type_Parse(std::string(name), &type);
  return static_cast<EntryType>(type);
}

std::string EventTypeName(EventType type) {
  return events::TypeName(static_cast<WireEvent::Type>(type));
}

EventType ParseEventType(absl::string_view name) {
  return static_cast<EventType>(events::ParseType<WireEvent::Type>(name));
}

}  // namespace veche::appeals

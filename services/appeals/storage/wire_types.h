#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/appeals/domain/timeline.h"

// The names of enum values in rows, events and answers: the names of the protos' values.

namespace veche::appeals {

// "INFO_REQUESTED": a name of Timeline.Entry.Type.
const std::string& EntryTypeName(EntryType type);
// kUnknown for the name of a type that a newer release has written.
EntryType ParseEntryType(absl::string_view name);

// "veche.appeals.info_requested": of AppealEvent.Type.
std::string EventTypeName(EventType type);
// kUnknown for any other text.
EventType ParseEventType(absl::string_view name);

}  // namespace veche::appeals

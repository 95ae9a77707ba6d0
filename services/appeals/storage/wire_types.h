#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "services/appeals/domain/timeline.h"

// The names of types in rows, events and answers: those of the protos' enums.

namespace veche::appeals {

// "INFO_REQUESTED": a name of Timeline.Entry.Type.
const std::string& EntryTypeName(EntryType type);
// kUnknown for the name of a type that a newer version of this program has written.
EntryType ParseEntryType(absl::string_view name);

// "veche.appeals.info_requested": of AppealEvent.Type.
std::string EventTypeName(EventType type);
// kUnknown for any other text.
EventType ParseEventType(absl::string_view name);

}  // namespace veche::appeals

#pragma once

#include "common/events/event_log.h"
#include "veche/events/v1/event_log.pb.h"

namespace veche::events {

// The cursor that a follower sends to get only future events.
inline constexpr absl::string_view kNewestCursor = "newest";

// The wire form of an event, and back. `source` is the name of the service that owns the log. Pure.
v1::Event ToProto(const Event& event, absl::string_view source);
Event FromProto(v1::Event event);

}  // namespace veche::events

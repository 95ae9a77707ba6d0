#pragma once

#include "common/events/event_log.h"
#include "veche/events/v1/event_log.pb.h"

namespace veche::events {

// A follower's cursor for "only what comes from now on".
inline constexpr absl::string_view kNewestCursor = "newest";

// `source` is the service whose log it is.
v1::Event ToProto(const Event& event, absl::string_view source);
Event FromProto(v1::Event event);

}  // namespace veche::events

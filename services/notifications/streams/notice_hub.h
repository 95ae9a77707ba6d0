#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/stream.h"
#include "common/rpc/subscriber_hub.h"
#include "services/notifications/domain/errors.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::notifications {

// An open stream. After Subscribe, `after` and `behind` belong to the worker that
// feeds the streams (workers/feed.h).
struct NoticeStream {
  std::shared_ptr<rpc::StreamWriter<v1::WatchNotificationsResponse>> writer;
  std::string recipient;  // "residents/…"
  int64_t after = 0;      // the last number sent, or passed over
  bool behind = true;     // still gets what it missed
};

// The open streams by recipient.
using NoticeHub = rpc::SubscriberHub<std::string, NoticeStream>;

// TOO_MANY_STREAMS beyond `streams` in this process or `per_resident` of one resident, STOPPING
// when the server stops.
inline rpc::SubscriberHubOptions NoticeHubOptions(int streams = 10'000, int per_resident = 16) {
  return {.capacity = streams,
          .capacity_per_key = per_resident,
          .full = TooManyStreams(),
          .stopped = Stopping()};
}

}  // namespace veche::notifications

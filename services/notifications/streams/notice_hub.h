#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/stream.h"
#include "common/rpc/subscriber_hub.h"
#include "services/notifications/domain/errors.h"
#include "services/notifications/domain/interest.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::notifications {

// An open stream. After Subscribe only the feed (workers/feed.h) may use what follows `language`.
struct NoticeStream {
  std::shared_ptr<rpc::StreamWriter<v1::WatchNotificationsResponse>> writer;
  std::string recipient;  // "residents/…"
  std::string language;   // of titles
  int64_t after = 0;      // the number of the last item sent
  bool behind = true;     // still reads items that it missed
  bool alerts = false;    // whether it gets alerts
  Interest interest;      // in alerts; as of `behind` becoming false, then kept current
};

// The open streams by recipient.
using NoticeHub = rpc::SubscriberHub<std::string, NoticeStream>;

// At most `streams` in this process and `per_resident` of one resident, otherwise TOO_MANY_STREAMS;
// STOPPING when the server stops.
inline rpc::SubscriberHubOptions NoticeHubOptions(int streams = 10'000, int per_resident = 16) {
  return {.capacity = streams,
          .capacity_per_key = per_resident,
          .full = TooManyStreams(),
          .stopped = Stopping()};
}

}  // namespace veche::notifications

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/texts.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/domain/district_map.h"
#include "services/notifications/inbox/feed_reader.h"
#include "services/notifications/storage/alert_store.h"
#include "services/notifications/storage/feed_store.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/storage/subscription_store.h"
#include "services/notifications/streams/notice_hub.h"

namespace veche::notifications {

struct FeedOptions {
  absl::Duration poll = absl::Seconds(1);  // when nobody wakes it
};

// Sends notices, alerts and markings to the open streams of all residents from one thread: each
// once, in the order of numbers, with no gap between what a stream missed and what is new. An alert
// goes to the streams whose subscription it matches at that moment. Thread-safe.
class Feed {
 public:
  struct Parts {
    NoticeHub& hub;
    sql::Database& database;
    Store& notices;
    AlertStore& alerts;
    FeedStore& feed;
    SubscriptionStore& subscriptions;
    DistrictMapProvider districts;
    const Texts& texts;
    observe::Telemetry& telemetry;
  };
  // All of `parts` must outlive the feed.
  Feed(FeedOptions options, Parts parts);
  ~Feed();  // stops

  void Start() { worker_.Start(); }
  // Ends the streams with Unavailable (STOPPING); clients then connect to another server.
  void Stop();

  // Call it when notices, posts of alerts, markings or subscriptions were committed. Returns at
  // once; any thread.
  void Wake() { worker_.Wake(); }

 private:
  // What was committed since the last step.
  struct News {
    std::vector<FeedItem> items;  // oldest first
    std::vector<Subscription> changed;
  };

  absl::Duration Step();
  // True when a stream is still behind.
  absl::StatusOr<bool> FeedAll();
  absl::Status Begin();
  absl::Status FeedLive();
  absl::StatusOr<News> ReadNews();
  void Refresh(const Subscription& subscription);
  void Publish(const FeedItem& item);
  void PublishAlert(const AlertLine& line);
  absl::StatusOr<bool> FeedBehind();
  // Sends the next piece of what the stream missed.
  absl::Status CatchUp(NoticeStream& stream);
  // False when the stream has ended.
  bool Send(NoticeStream& stream, const FeedItem& item);

  const FeedOptions options_;
  const Parts parts_;
  FeedReader reader_;
  // All streams that are not behind have everything up to this number; nullopt without streams.
  std::optional<int64_t> position_;
  int64_t version_ = 0;        // the subscriptions of those streams are as of this change
  std::vector<Topic> topics_;  // for their titles
  Worker worker_;
};

}  // namespace veche::notifications

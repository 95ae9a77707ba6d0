#pragma once

#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/worker.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/domain/appeal_event.h"
#include "services/notifications/domain/notice.h"
#include "services/notifications/domain/polling_event.h"
#include "services/notifications/fanout/delivery_writer.h"
#include "services/notifications/remote/residents.h"
#include "services/notifications/storage/contact_store.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/feed_store.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// Writes notices for the events of appeals and of polling. The effect of a batch writes the first
// page of each event's followers, which is nearly always all of them; a thread writes the remaining
// pages and those of districts, one in each transaction, and deletes old notices. It asks for the
// residents of districts outside the transaction. With each notice of an appeal it writes the
// delivery to the contact of its recipient. Thread-safe.
class Intake {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    ContactStore& contacts;
    DeliveryStore& deliveries;
    FeedStore& feed;
    SubscriptionStore& subscriptions;
    DeliveryWriter& writer;
    Residents& residents;
    const Clock& clock;
    IdSource& ids;
    observe::Telemetry& telemetry;
    // Called after each commit that wrote notices, on any thread; it must be quick.
    std::function<void()> on_notices;
  };
  // All of `parts` must outlive the intake.
  explicit Intake(Parts parts);

  // For events::Consumer: one of the log of appeals, one of the log of polling. An event that
  // cannot be read is logged and skipped, because it would hold up all later events.
  absl::StatusOr<events::Effect> DecideAppeals(absl::Span<const events::Event> batch);
  absl::StatusOr<events::Effect> DecidePolling(absl::Span<const events::Event> batch);

  void Start() { worker_.Start(); }
  // Finishes the page in progress and returns when the thread has ended.
  void Stop() { worker_.Stop(); }

  // Writes the next page of each of the oldest queued events; true when no event was queued. The
  // thread calls it; public for tests. The error of `residents` when their pages are missing; the
  // pages of followers are written all the same.
  absl::StatusOr<bool> DeliverQueued();

 private:
  // What an event changes.
  struct Step {
    FollowChange change = FollowChange::kNone;
    std::string follower;     // whom the change is of
    std::string merged_into;  // of a merge
    std::string receipt;      // who gets a receipt; "" for nobody
    bool tell = false;        // whether the news give notices
    News news;                // subject, residents and time also without notices
  };
  static Step StepOf(const AppealEvent& event);
  Step StepOf(const PollingEvent& event) const;

  template <typename Read>
  events::Effect Decide(absl::Span<const events::Event> batch, Read read);
  absl::Status ChangeFollowers(sql::Transaction& transaction, const Step& step);
  // Calls `write`, and writes the deliveries of the notices of `news` that it has written.
  absl::Status WriteNotices(sql::Transaction& transaction, const News& news,
                            absl::FunctionRef<absl::Status()> write);
  absl::Status Apply(sql::Transaction& transaction, const Step& step, int& budget);
  // Writes a page of notices for followers, with their deliveries. True when all are written.
  absl::StatusOr<bool> DeliverPage(sql::Transaction& transaction, const News& news);
  absl::Status WriteReceipt(sql::Transaction& transaction, const Step& step);
  // Writes the deliveries of the event's notices with a number above `after`.
  absl::Status DeliverToContacts(sql::Transaction& transaction, const News& news, int64_t after);
  absl::StatusOr<bool> DeliverFollowers(Audience audience);
  absl::StatusOr<bool> DeliverDistricts();
  absl::Duration RunStep();
  void Prune();

  const Parts parts_;
  absl::Time pruned_ = absl::InfinitePast();
  Worker worker_;
};

}  // namespace veche::notifications

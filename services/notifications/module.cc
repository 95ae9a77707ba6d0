#include "services/notifications/module.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/service/service_module.h"
#include "services/notifications/calls/binding.h"
#include "services/notifications/calls/inbox_calls.h"
#include "services/notifications/storage/migrations.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/texts.h"
#include "services/notifications/workers/feed.h"
#include "services/notifications/workers/intake.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";

// The parts in the order in which they need each other.
class NotificationsModule final : public service::ServiceModule {
 public:
  explicit NotificationsModule(service::ServiceParts parts)
      : ServiceModule(std::move(parts)),
        hub_(NoticeHubOptions()),
        feed_({}, hub_, database(), store_, texts(), telemetry()),
        intake_(database(), store_, clock(), telemetry(), [this] { feed_.Wake(); }),
        calls_(database(), store_, hub_, texts()) {}

  void StartFollowing() override {
    std::unique_ptr<events::Source> appeals = LogOf("appeals");
    if (appeals == nullptr) return;  // Check reports it
    consumer_.emplace(
        events::ConsumerOptions{.name = kService}, std::move(appeals), database(),
        [this](absl::Span<const events::Event> batch) { return intake_.Decide(batch); },
        telemetry());
    consumer_->Start();
  }

 private:
  std::vector<rpc::ServiceBuilder> Services() override { return Bind(calls_); }
  void StartWorkers() override {
    feed_.Start();
    intake_.Start();
  }
  void EndStreams() override { hub_.Stop(); }
  absl::Status Check() override {
    if (environment().channels.Knows("appeals")) return absl::OkStatus();
    return absl::FailedPreconditionError(
        "The event log of appeals is not followed. Give the address of appeals in addresses.");
  }
  void StopWorkers() override {
    if (consumer_) consumer_->Stop();
    intake_.Stop();
    feed_.Stop();
  }

  Store store_;
  NoticeHub hub_;
  Feed feed_;
  Intake intake_;
  InboxCalls calls_;
  std::optional<events::Consumer> consumer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateNotificationsModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(
          environment,
          {.name = kService, .migrations = Migrations(), .texts = TextFiles(), .events = true}));
  return service::BuildService(std::make_unique<NotificationsModule>(std::move(parts)));
}

}  // namespace veche::notifications

#include <atomic>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/events/log_watch.h"

namespace veche::events {
namespace {

class LogSource final : public Source {
 public:
  explicit LogSource(EventLog& log) : log_(log), watch_(log) {}

  absl::StatusOr<std::vector<Event>> Next(absl::string_view cursor, int limit,
                                          absl::Duration wait) override {
    const absl::Time until = absl::Now() + wait;
    while (true) {
      watch_.BeforeRead();
      ASSIGN_OR_RETURN(std::vector<Event> events, log_.ReadAfter(cursor, limit));
      const absl::Duration left = until - absl::Now();
      if (!events.empty() || left <= absl::ZeroDuration() || cancelled_) return events;
      watch_.Wait(left);
    }
  }
  absl::StatusOr<std::string> Newest() override { return log_.Newest(); }
  absl::string_view log() const override { return log_.source(); }
  void Cancel() override {
    cancelled_ = true;
    log_.Wake();
  }

 private:
  EventLog& log_;
  LogWatch watch_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace

std::unique_ptr<Source> LocalSource(EventLog& log) { return std::make_unique<LogSource>(log); }

}  // namespace veche::events

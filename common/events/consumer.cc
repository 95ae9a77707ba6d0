#include "common/events/consumer.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/base/worker.h"
#include "common/observe/worker.h"

namespace veche::events {
namespace {

constexpr absl::Duration kWait = absl::Seconds(5);
constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

struct Metrics {
  Metrics(prometheus::Registry& registry, const std::string& consumer)
      : applied(prometheus::BuildCounter()
                    .Name("veche_events_applied_total")
                    .Help("Events that a consumer has applied.")
                    .Register(registry)
                    .Add({{"consumer", consumer}})),
        failures(prometheus::BuildCounter()
                     .Name("veche_events_failures_total")
                     .Help("Failed tries of a consumer to read or apply events.")
                     .Register(registry)
                     .Add({{"consumer", consumer}})),
        lag(prometheus::BuildGauge()
                .Name("veche_events_lag_seconds")
                .Help("Age of a consumer's last applied event, or of the one that it cannot apply.")
                .Register(registry)
                .Add({{"consumer", consumer}})) {}

  prometheus::Counter& applied;
  prometheus::Counter& failures;
  prometheus::Gauge& lag;
};

}  // namespace

class Consumer::Loop {
 public:
  Loop(ConsumerOptions options, std::unique_ptr<Source> source, sql::Database& database,
       BatchHandler handler, observe::Telemetry& telemetry)
      : options_(std::move(options)),
        source_(std::move(source)),
        database_(database),
        handler_(std::move(handler)),
        logger_(telemetry.logger),
        registry_(telemetry.metrics),
        metrics_(*registry_, options_.name),
        worker_(observe::LoggedBackgroundWorker(options_.name, telemetry),
                [this] { return Step(); }) {}

  void Start() { worker_.Start(); }

  void Stop() {
    worker_.RequestStop();
    source_->Cancel();
    worker_.Stop();
  }

 private:
  absl::Duration Step();
  absl::Status FollowOnce();
  absl::Status LoadCursor();
  absl::StatusOr<Effect> Decide(absl::Span<const Event> batch);
  absl::Status Apply(absl::Span<const Event> batch);
  // Returns the pause before the next attempt.
  absl::Duration Failed(const absl::Status& status);
  void Succeeded();

  const ConsumerOptions options_;
  const std::unique_ptr<Source> source_;
  sql::Database& database_;
  const BatchHandler handler_;
  const std::shared_ptr<observe::Logger> logger_;
  const std::shared_ptr<prometheus::Registry> registry_;
  Metrics metrics_;
  absl::BitGen random_;
  std::optional<std::string> cursor_;  // the stored cursor; none when unknown
  int failures_ = 0;                   // in a row
  Worker worker_;
};

absl::Duration Consumer::Loop::Step() {
  const absl::Status status = FollowOnce();
  if (!status.ok() && !worker_.stopping()) return Failed(status);
  if (status.ok()) Succeeded();
  return absl::ZeroDuration();
}

absl::Status Consumer::Loop::FollowOnce() {
  if (!cursor_) RETURN_IF_ERROR(LoadCursor());
  ASSIGN_OR_RETURN(std::vector<Event> batch,
                   source_->Next(*cursor_, failures_ > 0 ? 1 : options_.batch, kWait));
  if (worker_.stopping()) return absl::OkStatus();
  if (batch.empty()) {
    metrics_.lag.Set(0);
    return absl::OkStatus();
  }
  absl::Status applied = Apply(batch);
  if (!applied.ok()) {
    metrics_.lag.Set(absl::ToDoubleSeconds(absl::Now() - batch.front().time));
  }
  return applied;
}

absl::Status Consumer::Loop::LoadCursor() {
  const auto load = [this](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        std::vector<sql::Row> rows,
        transaction.Query("SELECT cursor FROM consumer_cursors WHERE name = $1", options_.name));
    if (!rows.empty()) cursor_ = rows.front().Text(0);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(database_.Read(load));
  if (cursor_) return absl::OkStatus();
  std::string start;
  if (options_.from_newest) {
    ASSIGN_OR_RETURN(start, source_->Newest());
  }
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) {
    return transaction
        .Execute(
            "INSERT INTO consumer_cursors (name, log, cursor, update_time) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
            options_.name, source_->log(), start, ToMicros(absl::Now()))
        .status();
  }));
  return database_.Read(load);  // another replica's, if that stored its cursor first
}

absl::StatusOr<Effect> Consumer::Loop::Decide(absl::Span<const Event> batch) {
  try {
    return handler_(batch);
  } catch (const std::exception&) {
    return absl::InternalError("The handler of a batch threw.");
  }
}

absl::Status Consumer::Loop::Apply(absl::Span<const Event> batch) {
  ASSIGN_OR_RETURN(const Effect effect, Decide(batch));
  bool overtaken = false;
  absl::Status status;
  try {
    status = database_.WriteInBackground([&](sql::Transaction& transaction) -> absl::Status {
      overtaken = false;
      // The first statement: another replica waits at it until this transaction ends, and then
      // updates no row.
      ASSIGN_OR_RETURN(
          const int64_t moved,
          transaction.Execute("UPDATE consumer_cursors SET cursor = $3, update_time = $4 "
                              "WHERE name = $1 AND cursor = $2",
                              options_.name, *cursor_, batch.back().cursor, ToMicros(absl::Now())));
      overtaken = moved == 0;
      if (overtaken) return absl::CancelledError("Another replica moved the cursor.");
      return effect ? effect(transaction) : absl::OkStatus();
    });
  } catch (const std::exception&) {
    status = absl::InternalError("The effect of a batch threw.");
  }
  if (!status.ok()) {
    cursor_.reset();  // unknown: another replica moved it, or the commit's outcome is unknown
    return overtaken ? absl::OkStatus() : status;
  }
  cursor_ = batch.back().cursor;
  metrics_.applied.Increment(static_cast<double>(batch.size()));
  metrics_.lag.Set(absl::ToDoubleSeconds(absl::Now() - batch.back().time));
  return absl::OkStatus();
}

absl::Duration Consumer::Loop::Failed(const absl::Status& status) {
  metrics_.failures.Increment();
  if (failures_ == 0) {
    logger_->Warning("events consumer fails", {{"consumer", options_.name},
                                               {"code", absl::StatusCodeToString(status.code())},
                                               {"error", status.message()}});
  }
  const absl::Duration longest =
      std::min(kFirstPause * (int64_t{1} << std::min(failures_, 10)), kLongestPause);
  ++failures_;
  return longest * absl::Uniform(random_, 0.5, 1.0);
}

void Consumer::Loop::Succeeded() {
  if (failures_ == 0) return;
  failures_ = 0;
  logger_->Info("events consumer works again", {{"consumer", options_.name}});
}

Consumer::Consumer(ConsumerOptions options, std::unique_ptr<Source> source, sql::Database& database,
                   BatchHandler handler, observe::Telemetry& telemetry)
    : loop_(std::make_unique<Loop>(std::move(options), std::move(source), database,
                                   std::move(handler), telemetry)) {}

Consumer::~Consumer() { Stop(); }

void Consumer::Start() { loop_->Start(); }

void Consumer::Stop() { loop_->Stop(); }

}  // namespace veche::events

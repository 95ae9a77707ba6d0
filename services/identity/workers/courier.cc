#include "services/identity/workers/courier.h"

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <string>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/identity/domain/retry.h"

namespace veche::identity {
namespace {

// Nobody calls Wake for messages of other replicas and for retries.
constexpr absl::Duration kPoll = absl::Seconds(5);

absl::string_view NameOf(Channel channel) { return channel == Channel::kEmail ? "email" : "sms"; }

}  // namespace

struct Courier::Metrics {
  Metrics(prometheus::Registry& registry, absl::string_view channel)
      : family(prometheus::BuildCounter()
                   .Name("veche_messages_total")
                   .Help("Attempts to send messages to contacts.")
                   .Register(registry)),
        sent(Add(channel, "sent")),
        failed(Add(channel, "failed")),
        dead(Add(channel, "dead")) {}

  prometheus::Counter& Add(absl::string_view channel, absl::string_view result) {
    return family.Add({{"channel", std::string(channel)}, {"result", std::string(result)}});
  }

  prometheus::Family<prometheus::Counter>& family;
  prometheus::Counter& sent;
  prometheus::Counter& failed;
  prometheus::Counter& dead;
};

Courier::Courier(Channel channel, Provider& provider, sql::Database& database, MessageStore& store,
                 const Clock& clock, observe::Telemetry& telemetry)
    : channel_(channel),
      provider_(provider),
      database_(database),
      store_(store),
      clock_(clock),
      telemetry_(telemetry),
      metrics_(std::make_shared<Metrics>(*telemetry.metrics, NameOf(channel))) {
  for (int i = 0; i < provider.at_once; ++i) {
    workers_.push_back(std::make_unique<Worker>(
        observe::LoggedWorker(absl::StrCat("courier-", NameOf(channel)), telemetry_),
        [this] { return Step(); }));
  }
}

void Courier::Start() {
  for (const auto& worker : workers_) worker->Start();
}

void Courier::Stop() {
  for (const auto& worker : workers_) worker->RequestStop();
  provider_.sender.Cancel();
  for (const auto& worker : workers_) worker->Stop();
}

void Courier::Wake() {
  for (const auto& worker : workers_) worker->Wake();
}

absl::StatusOr<absl::Duration> Courier::SendNext() {
  const absl::Duration wait = provider_.gate.Enter(clock_.Now());
  if (wait > absl::ZeroDuration()) return std::min(wait, kPoll);
  const absl::StatusOr<std::optional<OutgoingMessage>> message = Claim();
  if (!message.ok() || !*message) {
    provider_.gate.Leave();
    RETURN_IF_ERROR(message.status());
    return kPoll;
  }
  const absl::Status sent = provider_.sender.Send(**message);
  provider_.gate.Report(!absl::IsUnavailable(sent), clock_.Now());
  RETURN_IF_ERROR(Record(**message, sent));
  return absl::ZeroDuration();
}

absl::StatusOr<std::optional<OutgoingMessage>> Courier::Claim() {
  std::optional<OutgoingMessage> message;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        message, store_.Claim(transaction, channel_, provider_.sender.key_suffix(), clock_.Now()));
    return absl::OkStatus();
  }));
  return message;
}

absl::Status Courier::Record(const OutgoingMessage& message, const absl::Status& sent) {
  const absl::Time now = clock_.Now();
  if (sent.ok()) {
    metrics_->sent.Increment();
    return database_.Write([&](sql::Transaction& transaction) {
      return store_.MarkSent(transaction, message.id, now);
    });
  }
  const bool dead = !absl::IsUnavailable(sent) || message.attempt >= kMostAttempts;
  (dead ? metrics_->dead : metrics_->failed).Increment();
  telemetry_.logger->Warning(dead ? "message is dead" : "message not sent",
                             {{"message", message.id},
                              {"attempt", absl::StrCat(message.attempt)},
                              {"error", sent.message()}});
  absl::BitGen random;
  const absl::Time due =
      now + PauseAfterAttempt(message.attempt, absl::Uniform<double>(random, 0, 1));
  return database_.Write([&](sql::Transaction& transaction) {
    return dead ? store_.MarkDead(transaction, message.id, message.attempt, sent.message(), now)
                : store_.MarkFailed(transaction, message.id, message.attempt, sent.message(), due);
  });
}

absl::Duration Courier::Step() {
  const absl::StatusOr<absl::Duration> pause = SendNext();
  if (pause.ok()) return *pause;
  telemetry_.logger->Error("message queue failed", {{"error", pause.status().ToString()}});
  return kPoll;
}

}  // namespace veche::identity

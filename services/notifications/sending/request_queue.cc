#include "services/notifications/sending/request_queue.h"

#include <algorithm>
#include <utility>

namespace veche::notifications {
namespace {

constexpr absl::Duration kShortestWait = absl::Seconds(1);
// Residents choose the providers of push messages; beyond, those without requests are forgotten.
constexpr size_t kManyProviders = 1000;

}  // namespace

RequestQueue::RequestQueue(http_client::Client& client, const ProviderLimits& limits,
                           size_t most_waiting, std::function<void()> on_finished)
    : client_(client),
      limits_(limits),
      most_waiting_(most_waiting),
      results_(std::make_shared<Results>()) {
  absl::MutexLock lock(&results_->mutex);
  results_->on_finished = std::move(on_finished);
}

RequestQueue::~RequestQueue() {
  absl::MutexLock lock(&results_->mutex);
  results_->on_finished = nullptr;
}

void RequestQueue::Add(int64_t ticket, const std::string& provider, Severity severity,
                       http_client::Request request) {
  std::unique_ptr<Provider>& known = providers_[provider];
  if (known == nullptr) known = std::make_unique<Provider>(limits_);
  std::deque<Waiting>& waiting = known->waiting;
  const auto place = std::find_if(waiting.begin(), waiting.end(), [severity](const Waiting& other) {
    return other.severity < severity;
  });
  waiting.insert(place, {ticket, severity, std::move(request)});
  ++size_;
}

absl::Time RequestQueue::Pump(absl::Time now, std::vector<Postponed>& postponed) {
  absl::Time next = absl::InfiniteFuture();
  for (auto& [name, provider] : providers_) {
    next = std::min(next, PumpProvider(name, *provider, now, postponed));
  }
  if (providers_.size() > kManyProviders) {
    absl::erase_if(providers_, [now](const auto& entry) {
      return entry.second->waiting.empty() && entry.second->gate.idle(now);
    });
  }
  return next;
}

absl::Time RequestQueue::PumpProvider(const std::string& name, Provider& provider, absl::Time now,
                                      std::vector<Postponed>& postponed) {
  std::deque<Waiting>& waiting = provider.waiting;
  const auto postpone = [&](absl::Time until) {
    postponed.push_back({waiting.back().ticket, until});
    waiting.pop_back();
    --size_;
  };
  while (!waiting.empty() && provider.gate.ReadyAt(now) <= now) Begin(name, provider, now);
  const absl::Time open_until = provider.gate.OpenUntil(now);
  if (open_until > now) {
    while (!waiting.empty()) postpone(open_until);
  }
  while (waiting.size() > most_waiting_) {
    postpone(now + std::max(kShortestWait,
                            static_cast<double>(waiting.size()) * absl::Seconds(1) / limits_.rate));
  }
  return waiting.empty() ? absl::InfiniteFuture() : provider.gate.ReadyAt(now);
}

void RequestQueue::Begin(const std::string& name, Provider& provider, absl::Time now) {
  Waiting next = std::move(provider.waiting.front());
  provider.waiting.pop_front();
  provider.gate.Begin(now);
  client_.Send(std::move(next.request), [results = results_, ticket = next.ticket,
                                         name](absl::StatusOr<http_client::Response> answer) {
    absl::MutexLock lock(&results->mutex);
    results->answers.push_back({ticket, name, std::move(answer)});
    if (results->on_finished) results->on_finished();
  });
}

std::vector<RequestQueue::Finished> RequestQueue::Take(absl::Time now) {
  std::vector<Results::Answer> answers;
  {
    absl::MutexLock lock(&results_->mutex);
    answers.swap(results_->answers);
  }
  std::vector<Finished> finished;
  for (const Results::Answer& answer : answers) {
    Verdict verdict = Judge(answer.answer, now);
    ProviderGate& gate = providers_.at(answer.provider)->gate;
    gate.End(now, verdict.provider_well);
    if (verdict.retry_after > absl::ZeroDuration()) gate.Rest(now + verdict.retry_after);
    finished.push_back({answer.ticket, std::move(verdict)});
    --size_;
  }
  return finished;
}

size_t RequestQueue::open_circuits(absl::Time now) const {
  return static_cast<size_t>(
      std::count_if(providers_.begin(), providers_.end(),
                    [now](const auto& entry) { return entry.second->gate.OpenUntil(now) > now; }));
}

}  // namespace veche::notifications

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/http_client/client.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/sending/answer.h"
#include "services/notifications/sending/provider_gate.h"

namespace veche::notifications {

// Requests to providers: at most so many at once and a second to each, the most severe first, and
// none to a provider whose circuit is open. Used by one thread.
class RequestQueue {
 public:
  struct Finished {
    int64_t ticket;
    Verdict verdict;
  };
  struct Postponed {
    int64_t ticket;
    absl::Time until;
  };

  // At most `most_waiting` requests wait for a provider. `on_finished` is called on any thread when
  // Take has something, until the queue is destroyed; it must be quick. `client` must outlive the
  // queue.
  RequestQueue(http_client::Client& client, const ProviderLimits& limits, size_t most_waiting,
               std::function<void()> on_finished);
  ~RequestQueue();

  // Adds a request, which Take or Pump returns by its ticket.
  void Add(int64_t ticket, const std::string& provider, Severity severity,
           http_client::Request request);
  // Begins what may begin; `postponed` gets what should not wait here: its provider rests, or too
  // many wait for it already. Returns when to pump again; InfiniteFuture() when nothing waits.
  absl::Time Pump(absl::Time now, std::vector<Postponed>& postponed);
  // The requests that have ended since the last call.
  std::vector<Finished> Take(absl::Time now);

  size_t size() const { return size_; }  // waiting and running
  size_t open_circuits(absl::Time now) const;

 private:
  struct Waiting {
    int64_t ticket;
    Severity severity;
    http_client::Request request;
  };
  struct Provider {
    explicit Provider(const ProviderLimits& limits) : gate(limits) {}
    ProviderGate gate;
    std::deque<Waiting> waiting;
  };
  // Shared with the callbacks of requests, which may outlive the queue.
  struct Results {
    absl::Mutex mutex;
    struct Answer {
      int64_t ticket;
      std::string provider;
      absl::StatusOr<http_client::Response> answer;
    };
    std::vector<Answer> answers ABSL_GUARDED_BY(mutex);
    std::function<void()> on_finished ABSL_GUARDED_BY(mutex);  // null: the queue is gone
  };

  void Begin(const std::string& name, Provider& provider, absl::Time now);
  absl::Time PumpProvider(const std::string& name, Provider& provider, absl::Time now,
                          std::vector<Postponed>& postponed);

  http_client::Client& client_;
  const ProviderLimits limits_;
  const size_t most_waiting_;
  const std::shared_ptr<Results> results_;
  absl::flat_hash_map<std::string, std::unique_ptr<Provider>> providers_;
  size_t size_ = 0;
};

}  // namespace veche::notifications

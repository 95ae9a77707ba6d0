#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/http_client/client.h"
#include "services/notifications/domain/delivery.h"
#include "services/notifications/domain/message.h"
#include "services/notifications/domain/verdict.h"

namespace veche::notifications {

// Deliveries that leave as one message: one, or all of a digest.
struct Job {
  std::vector<Delivery> deliveries;  // not empty; of one subscriber, channel and endpoint
  Message message;

  const Delivery& first() const { return deliveries.front(); }
  std::string key() const { return MessageKey(first()); }
};

// Makes the messages of deliveries. Thread-safe; may block for a few seconds.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // Sets the message of each job. False for a job that has nothing to say any more, because its
  // subject is gone. An error when none could be made; the deliveries are then tried again.
  virtual absl::StatusOr<std::vector<bool>> Write(absl::Span<Job> jobs) = 0;
};

// What a message becomes at its provider.
struct Prepared {
  // The provider, for limits and the circuit breaker: an origin. "" when there is no request.
  std::string provider;
  http_client::Request request;
  Verdict verdict;  // without a request
};

// Makes the requests of one channel. Thread-safe; may block on the database.
class RequestMaker {
 public:
  virtual ~RequestMaker() = default;
  // A result for each job. The error of the database.
  virtual absl::StatusOr<std::vector<Prepared>> Prepare(absl::Span<const Job> jobs,
                                                        absl::Time now) = 0;
  // The endpoints with these ids are gone.
  virtual absl::Status Forget(absl::Span<const std::string> endpoints) = 0;
};

}  // namespace veche::notifications

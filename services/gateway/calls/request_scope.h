#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/base/texts.h"
#include "common/http/http.h"
#include "common/observe/trace.h"
#include "services/gateway/calls/endpoint.h"
#include "services/gateway/calls/upstream.h"

namespace veche::gateway {

// What a request carries through its life; shared by whoever works on it. Its end (the last one
// letting go) gives back its place in flight and counts it, as 499 when nobody answered.
class RequestScope {
 public:
  // `texts` must outlive it.
  RequestScope(http::ExchangePtr exchange, const Endpoint& endpoint, const Texts& texts,
               absl::string_view language)
      : exchange(std::move(exchange)),
        endpoint(endpoint),
        language(language),
        texts_(texts),
        begin_(absl::Now()) {
    endpoint.metrics->Began();
  }
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

  const http::Request& request() const { return exchange->request(); }

  // Answers; the first of these counts. Thread-safe.
  void Reply(http::Response response);
  void Fail(const absl::Status& status, int http_status = 0);  // 0: by HttpStatus
  // What Fail says, as a body.
  std::string Problem(const absl::Status& status) const;
  // Begins an answer in pieces.
  void Start(http::Response head);

  // Method, trace, language, and the headers that go on to the service.
  UpstreamOptions CallOptions(absl::Duration timeout) const;

  const http::ExchangePtr exchange;
  const Endpoint& endpoint;
  const std::string language;  // of what the client reads, one of kLanguages
  RouteMatch match;
  std::string query;  // as sent
  observe::TraceContext trace;
  bool authorized = false;     // has a token
  std::shared_ptr<void> slot;  // a place among the caller's streams, or in flight

 private:
  const Texts& texts_;
  const absl::Time begin_;
  std::atomic<int> status_{0};
};
using ScopePtr = std::shared_ptr<RequestScope>;

}  // namespace veche::gateway

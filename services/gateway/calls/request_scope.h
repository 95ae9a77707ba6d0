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

// The state of one request, shared by all parts that work on it. The destructor releases the
// request's place among those in flight and counts the request, with 499 if it was not answered.
// Thread-safe where a method says so.
class RequestScope {
 public:
  // `texts` must outlive the scope.
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

  // Answers the request; only the first Reply or Fail has an effect. Thread-safe.
  void Reply(http::Response response);
  void Fail(const absl::Status& status, int http_status = 0);  // 0: HttpStatus(status)
  // The problem document that Fail would send.
  std::string Problem(const absl::Status& status) const;
  // Begins an answer in pieces.
  void Start(http::Response head);

  // Method, trace, the language that the client asked for, and the headers that are passed on to
  // the service.
  UpstreamOptions CallOptions(absl::Duration timeout) const;

  const http::ExchangePtr exchange;
  const Endpoint& endpoint;
  const std::string language;  // of the gateway's own texts for the client, one of kLanguages
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

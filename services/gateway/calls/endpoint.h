#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/gateway/calls/http_metrics.h"
#include "services/gateway/calls/router.h"
#include "services/gateway/calls/upstream.h"
#include "services/gateway/json/json.h"

namespace veche::gateway {

// A route with everything that is known about it before the first request. Immutable; thread-safe.
struct Endpoint {
  enum class Kind {
    kUnary,     // JSON to JSON, or to a document
    kEvents,    // server stream as text/event-stream
    kDownload,  // server stream of google.api.HttpBody
    kUpload,    // client stream of google.api.HttpBody
  };

  // InvalidArgument for an RPC whose streaming or types have no HTTP form. `tables`, `upstream` and
  // `registry` must outlive the endpoint.
  static absl::StatusOr<std::unique_ptr<Endpoint>> Create(const Route& route, json::Tables& tables,
                                                          Upstream& upstream,
                                                          prometheus::Registry& registry);

  const Route* route;
  Kind kind;
  Upstream* upstream;
  std::string method;  // "/veche.appeals.v1.Appeals/GetAppeal"
  const json::MessageTable* request;
  const json::MessageTable* response;
  uint32_t body_field = 0;      // field number of the request; 0: the whole request or none
  uint32_t response_field = 0;  // field number of the response; 0: the whole response

  bool changes = false;            // not a GET
  bool idempotent = false;         // declares so by idempotency_level
  bool reads = false;              // changes nothing, by idempotency_level
  bool created = false;            // answers 201 with Location
  uint32_t response_etag = 0;      // field of the response; 0: none
  uint32_t response_name = 0;      //
  bool request_etag = false;       // has a field "etag", for If-Match
  std::string request_event_id;    // field for Last-Event-ID; "" for none
  uint32_t response_event_id = 0;  // field that becomes the event's id
  bool document = false;           // the response is a google.api.HttpBody, sent as it is
  absl::Duration cache_ttl;        // zero: not cached
  bool cache_by_language = false;  // CacheRule.by_language
  bool anonymous = false;          // refuses and passes on nothing that names the client
  uint32_t awaited_field = 0;      // answers 202 while the response lacks it; 0: none
  bool takes_secrets = false;      // has fields that are sensitive
  std::string resource;            // pattern of the one variable: "appeals/*"; "" when none

  std::unique_ptr<RouteMetrics> metrics;
};

}  // namespace veche::gateway

#include "services/gateway/calls/request_reader.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/idempotency_key.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/http/text.h"
#include "services/gateway/calls/problem.h"

namespace veche::gateway {
namespace {

constexpr size_t kMaxEventId = 1024;

absl::Status BadHeader(absl::string_view header, const Text& problem) {
  Violations violations;
  violations.Add(header, problem);
  return violations.ToStatus();
}

// The field that a query parameter names; null when there is none.
const json::Field* FindField(const json::MessageTable* table, absl::string_view path) {
  const json::Field* field = nullptr;
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    field = table == nullptr ? nullptr : table->ByName(name);
    if (field == nullptr) return nullptr;
    table = field->message;
  }
  return field;
}

void ReadQuery(const RequestScope& scope, Violations& violations, std::string& wire) {
  if (scope.query.empty()) return;
  absl::flat_hash_set<const json::Field*> seen;
  for (absl::string_view parameter : absl::StrSplit(scope.query, '&', absl::SkipEmpty())) {
    const size_t equals = parameter.find('=');
    const absl::string_view raw_name = parameter.substr(0, equals);
    const absl::StatusOr<std::string> name = http::PercentDecode(raw_name, /*plus=*/true);
    if (!name.ok()) {
      violations.Add("query", Text(name.status().message()));
      continue;
    }
    const absl::StatusOr<std::string> value = http::PercentDecode(
        equals == absl::string_view::npos ? "" : parameter.substr(equals + 1), /*plus=*/true);
    if (!value.ok()) {
      violations.Add(*name, Text(value.status().message()));
      continue;
    }
    const json::Field* field = FindField(scope.endpoint.request, *name);
    if (field != nullptr && !field->repeated && !seen.insert(field).second) {
      violations.Add(*name, "REPEATED");
      continue;
    }
    json::AppendScalar(*scope.endpoint.request, *name, *value, &violations, &wire);
  }
}

void ReadEventId(const RequestScope& scope, Violations& violations, std::string& wire) {
  const absl::string_view id = scope.request().Header("Last-Event-ID");
  if (id.empty() || scope.endpoint.request_event_id.empty()) return;
  if (id.size() > kMaxEventId || !http::IsPrintable(id)) {
    return violations.Add("Last-Event-ID", "EVENT_ID");
  }
  json::AppendScalar(*scope.endpoint.request, scope.endpoint.request_event_id, id, &violations,
                     &wire);
}

void ReadIfMatch(const RequestScope& scope, Violations& violations, std::string& wire) {
  const absl::string_view header = scope.request().Header("If-Match");
  if (header.empty() || header == "*" || !scope.endpoint.request_etag) return;
  const absl::StatusOr<std::string> etag = http::SingleEtag(header);
  if (!etag.ok()) return violations.Add("If-Match", Text(etag.status().message()));
  json::AppendScalar(*scope.endpoint.request, "etag", *etag, &violations, &wire);
}

}  // namespace

absl::Status CheckHeaders(const RequestScope& scope) {
  const http::Request& request = scope.request();
  const Endpoint& endpoint = scope.endpoint;
  if (endpoint.anonymous) {
    for (const absl::string_view header : {"Authorization", "Cookie"}) {
      if (request.HasHeader(header)) return BadHeader(header, "IDENTITY_NOT_WANTED");
    }
  }
  if (!http::IsPrintable(request.Header("Authorization"))) {
    return GatewayError(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID", {},
                        "TOKEN_CHARACTERS");
  }
  const absl::string_view key = request.Header("Idempotency-Key");
  if (!key.empty() && !api::IsIdempotencyKey(key)) {
    return BadHeader("Idempotency-Key",
                     {"NOT_ASCII", {{"most", absl::StrCat(api::kMaxIdempotencyKey)}}});
  }
  if (!http::IsPrintable(request.Header("Accept-Language"))) {
    return BadHeader("Accept-Language", "NOT_PRINTABLE");
  }
  if (endpoint.changes && !endpoint.request_etag && request.HasHeader("If-Match")) {
    return GatewayError(absl::StatusCode::kFailedPrecondition, "IF_MATCH_NOT_SUPPORTED");
  }
  const absl::string_view encoding = request.Header("Content-Encoding");
  if (request.has_body() && !encoding.empty() && encoding != "identity") {
    return GatewayError(absl::StatusCode::kInvalidArgument, "UNSUPPORTED_MEDIA_TYPE", {},
                        "BODY_ENCODED");
  }
  if (endpoint.kind != Endpoint::Kind::kUpload && !endpoint.route->body.empty() &&
      request.has_body() && !http::IsJson(request.Header("Content-Type"))) {
    return GatewayError(absl::StatusCode::kInvalidArgument, "UNSUPPORTED_MEDIA_TYPE");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadRequest(const RequestScope& scope) {
  Violations violations;
  ASSIGN_OR_RETURN(std::string wire, ReadRequest(scope, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  return wire;
}

absl::StatusOr<std::string> ReadRequest(const RequestScope& scope, Violations& violations) {
  const Endpoint& endpoint = scope.endpoint;
  std::string wire;
  const std::string& body = scope.request().body;
  if (!body.empty() && !endpoint.route->body.empty()) {
    RETURN_IF_ERROR(endpoint.body_field == 0
                        ? json::ReadJson(*endpoint.request, body, &violations, &wire)
                        : json::ReadFieldJson(*endpoint.request, endpoint.body_field, body,
                                              &violations, &wire));
  }
  ReadQuery(scope, violations, wire);
  ReadEventId(scope, violations, wire);
  ReadIfMatch(scope, violations, wire);
  // Written last: of several values of a field protobuf takes the last, so the path overrides the
  // body.
  for (const auto& [field, value] : scope.match.variables) {
    json::AppendScalar(*endpoint.request, field, value, &violations, &wire);
  }
  return wire;
}

}  // namespace veche::gateway

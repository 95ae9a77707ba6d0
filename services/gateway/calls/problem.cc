#include "services/gateway/calls/problem.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/json_text.h"
#include "common/http/text.h"
#include "google/rpc/error_details.pb.h"

namespace veche::gateway {
namespace {

struct ReasonStatus {
  absl::string_view reason;
  int status;
};

// Reasons whose HTTP status is not that of their code.
constexpr ReasonStatus kReasons[] = {
    {"ETAG_MISMATCH", 412},
    {"IF_MATCH_NOT_SUPPORTED", 412},
    {"IDEMPOTENCY_KEY_IN_USE", 409},
    {"IDEMPOTENCY_KEY_REUSED", 422},
    {"QUEUE_FULL", 503},
    {"OVERLOADED", 503},
    {"DATABASE_BUSY", 503},
    {"DISK_FULL", 503},
    {"TOO_MANY_WATCHERS", 503},
    {"TOO_MANY_CONNECTIONS", 503},
    {"FILE_TOO_LARGE", 413},
    {"BODY_TOO_LARGE", 413},
    {"HEADER_TOO_LARGE", 431},
    {"REQUEST_TIMEOUT", 408},
    {"METHOD_NOT_ALLOWED", 405},
    {"NOT_ACCEPTABLE", 406},
    {"UNSUPPORTED_MEDIA_TYPE", 415},
    {"HTTP_VERSION_NOT_SUPPORTED", 505},
};

struct CodeStatus {
  absl::StatusCode code;
  absl::string_view name;
  int status;
};

constexpr CodeStatus kCodes[] = {
    {absl::StatusCode::kOk, "OK", 200},
    {absl::StatusCode::kCancelled, "CANCELLED", 499},
    {absl::StatusCode::kUnknown, "UNKNOWN", 500},
    {absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT", 400},
    {absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", 504},
    {absl::StatusCode::kNotFound, "NOT_FOUND", 404},
    {absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS", 409},
    {absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED", 403},
    {absl::StatusCode::kResourceExhausted, "RESOURCE_EXHAUSTED", 429},
    {absl::StatusCode::kFailedPrecondition, "FAILED_PRECONDITION", 422},
    {absl::StatusCode::kAborted, "ABORTED", 409},
    {absl::StatusCode::kOutOfRange, "OUT_OF_RANGE", 400},
    {absl::StatusCode::kUnimplemented, "UNIMPLEMENTED", 501},
    {absl::StatusCode::kInternal, "INTERNAL", 500},
    {absl::StatusCode::kUnavailable, "UNAVAILABLE", 503},
    {absl::StatusCode::kDataLoss, "DATA_LOSS", 500},
    {absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED", 401},
};

const CodeStatus& Find(absl::StatusCode code) {
  for (const CodeStatus& entry : kCodes) {
    if (entry.code == code) return entry;
  }
  return kCodes[2];
}

// The detail of an error without a catalogue text. Messages of gRPC and of unexpected errors are
// not shown, because they contain internal details.
std::string Detail(const absl::Status& status, const ProblemContext& context) {
  const auto say = [&](const Text& text) { return context.texts.Get(text, context.language); };
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return say({"INTERNAL", {{"traceId", context.trace_id}}});
    case absl::StatusCode::kUnavailable:
      return say("UNAVAILABLE");
    case absl::StatusCode::kDeadlineExceeded:
      return say("DEADLINE_EXCEEDED");
    case absl::StatusCode::kResourceExhausted:
      return ErrorReason(status).empty() ? say("QUEUE_FULL") : std::string(status.message());
    case absl::StatusCode::kUnimplemented:
      return say("NOT_IMPLEMENTED");
    case absl::StatusCode::kCancelled:
      return say("CANCELLED");
    default:
      return std::string(status.message());
  }
}

// A service's text is in the language that the service chose for the caller.
std::string LanguageOf(const absl::Status& status, const ProblemContext& context) {
  std::string told = LocalizedIn(status);
  return told.empty() ? std::string(context.language) : told;
}

google::rpc::BadRequest BadRequestOf(const absl::Status& status) {
  google::rpc::BadRequest result;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  if (payload && !result.ParseFromString(std::string(*payload))) result.Clear();
  return result;
}

}  // namespace

bool IsOverload(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status);
}

int HttpStatus(const absl::Status& status) {
  const std::string reason = ErrorReason(status);
  for (const ReasonStatus& entry : kReasons) {
    if (entry.reason == reason) return entry.status;
  }
  // Client limits have a reason. Without a reason a resource of the server is exhausted, such as
  // memory or disk.
  if (reason.empty() && absl::IsResourceExhausted(status)) return 503;
  return Find(status.code()).status;
}

absl::string_view CodeName(absl::StatusCode code) { return Find(code).name; }

std::string ProblemJson(const absl::Status& error, const ProblemContext& context, int http_status) {
  const absl::Status status = Localize(error, context.texts, context.language);
  const std::string language = LanguageOf(status, context);
  if (http_status == 0) http_status = HttpStatus(status);
  const std::string reason = ErrorReason(status);
  const std::string told = LocalizedMessage(status);
  JsonText json;
  json.BeginObject();
  json.Member("type", reason.empty() ? "about:blank" : absl::StrCat("urn:veche:problem:", reason));
  json.Member("title", context.texts.Get(Text(absl::StrCat("HTTP_", http_status)), language));
  json.Key("status").Number(http_status);
  json.Member("detail", told.empty() ? Detail(status, context) : told);
  json.Member("code", CodeName(status.code()));
  if (!reason.empty()) json.Member("reason", reason);
  const google::rpc::BadRequest bad = BadRequestOf(status);
  if (bad.field_violations_size() > 0) {
    json.Key("violations").BeginArray();
    for (const auto& violation : bad.field_violations()) {
      json.BeginObject();
      json.Member("field", violation.field()).Member("description", violation.description());
      json.EndObject();
    }
    json.EndArray();
  }
  if (!context.trace_id.empty()) json.Member("traceId", context.trace_id);
  json.EndObject();
  return json.Take();
}

http::Response ProblemResponse(const absl::Status& status, const ProblemContext& context,
                               int http_status) {
  http::Response response;
  response.status = http_status == 0 ? HttpStatus(status) : http_status;
  response.content_type = kProblemType;
  response.body = ProblemJson(status, context, response.status);
  if (response.status == 401) {
    const bool presented = !absl::EqualsIgnoreCase(ErrorReason(status), "TOKEN_REQUIRED");
    response.Add("WWW-Authenticate", presented ? "Bearer realm=\"veche\", error=\"invalid_token\""
                                               : "Bearer realm=\"veche\"");
  }
  const absl::Duration delay = RetryAfter(status);
  const bool retry_later =
      response.status == 429 || response.status == 503 || delay > absl::ZeroDuration();
  if (retry_later) {
    const absl::Duration seconds = absl::Ceil(delay, absl::Seconds(1));
    response.Add("Retry-After", absl::StrCat(std::max<int64_t>(1, absl::ToInt64Seconds(seconds))));
  }
  response.Add("Content-Language", LanguageOf(status, context));
  response.Add("Vary", "Accept-Language");
  response.Add("Cache-Control", "no-store");
  return response;
}

absl::Status GatewayError(absl::StatusCode code, absl::string_view reason, ErrorMetadata metadata,
                          absl::string_view text) {
  return MakeError(code, kDomain, reason, metadata, text);
}

}  // namespace veche::gateway

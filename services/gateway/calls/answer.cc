#include "services/gateway/calls/answer.h"

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/stable_hash.h"
#include "common/base/status_macros.h"
#include "common/http/gzip.h"
#include "common/http/text.h"

namespace veche::gateway {
namespace {

constexpr absl::string_view kJson = "application/json";

// A page of a service may have its own style and a form, and nothing else.
constexpr absl::string_view kDocumentPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

// Fields of google.api.HttpBody.
constexpr uint32_t kDocumentType = 1;
constexpr uint32_t kDocumentData = 2;

std::string ContentType(const Endpoint& endpoint, absl::string_view wire) {
  if (!endpoint.document) return std::string(kJson);
  const absl::string_view type = json::FindString(wire, {kDocumentType});
  return std::string(type.empty() || !http::IsPrintable(type) ? "application/octet-stream" : type);
}

// http::Response::content_type is for static texts.
void AddContentType(absl::string_view type, http::Response& response) {
  if (type == kJson) {
    response.content_type = kJson;
  } else {
    response.Add("Content-Type", type);
    response.Add("Content-Security-Policy", kDocumentPolicy);
  }
}

absl::StatusOr<std::string> WriteBody(const Endpoint& endpoint, absl::string_view wire) {
  if (endpoint.document) return std::string(json::FindString(wire, {kDocumentData}));
  std::string json;
  json.reserve(wire.size() * 2 + 64);
  RETURN_IF_ERROR(
      endpoint.response_field == 0
          ? json::WriteJson(*endpoint.response, wire, &json)
          : json::WriteFieldJson(*endpoint.response, endpoint.response_field, wire, &json));
  return json;
}

// The resource's own etag; otherwise a weak one, a hash of the content.
std::string Etag(const Endpoint& endpoint, absl::string_view wire, absl::string_view json) {
  if (endpoint.response_etag != 0) {
    const absl::string_view etag = json::FindString(wire, {endpoint.response_etag});
    if (!etag.empty() && http::IsPrintable(etag) && !absl::StrContains(etag, '"')) {
      return absl::StrCat("\"", etag, "\"");
    }
  }
  if (endpoint.changes) return "";
  return absl::StrCat("W/\"", absl::Hex(StableHash(json), absl::kZeroPad16), "\"");
}

// A compressed body is another representation, and so has a weak tag only (RFC 9110, 8.8.3).
void AddEtag(absl::string_view etag, bool compressed, http::Response& response) {
  if (etag.empty()) return;
  response.Add("ETag", compressed && !absl::StartsWith(etag, "W/") ? absl::StrCat("W/", etag)
                                                                   : std::string(etag));
}

bool NotModified(const http::Request& request, const Endpoint& endpoint, absl::string_view etag) {
  const absl::string_view header = request.Header("If-None-Match");
  return !endpoint.changes && !header.empty() && !etag.empty() && http::MatchesEtag(header, etag);
}

// Location: "/v1/" and the name of the created resource.
void AddLocation(const RequestScope& scope, absl::string_view wire, http::Response& response) {
  const absl::string_view name = json::FindString(wire, {scope.endpoint.response_name});
  if (name.empty() || !http::IsPrintable(name) || absl::StrContains(name, ' ')) return;
  response.status = 201;
  response.Add("Location",
               absl::StrCat("/", scope.endpoint.route->path.segments.front(), "/", name));
}

}  // namespace

absl::StatusOr<http::Response> MakeAnswer(const RequestScope& scope, absl::string_view wire) {
  const Endpoint& endpoint = scope.endpoint;
  ASSIGN_OR_RETURN(std::string json, WriteBody(endpoint, wire));
  const std::string etag = Etag(endpoint, wire, json);
  http::Response response;
  response.Add("Cache-Control",
               scope.authorized || endpoint.changes ? "no-store" : "private, no-cache");
  response.Add("Vary", "Accept-Encoding, Accept-Language, Authorization");
  if (NotModified(scope.request(), endpoint, etag)) {
    response.status = 304;
    AddEtag(etag, false, response);
    return response;
  }
  if (endpoint.created) AddLocation(scope, wire, response);
  if (endpoint.awaited_field != 0 && json::FindString(wire, {endpoint.awaited_field}).empty()) {
    response.status = 202;
  }
  AddContentType(ContentType(endpoint, wire), response);
  response.body = std::move(json);
  if (response.body.size() >= http::kGzipAtLeast &&
      http::AcceptsGzip(scope.request().Header("Accept-Encoding"))) {
    std::string compressed = http::Gzip(response.body);
    if (!compressed.empty()) {
      response.body = std::move(compressed);
      response.Add("Content-Encoding", "gzip");
      AddEtag(etag, true, response);
      return response;
    }
  }
  AddEtag(etag, false, response);
  return response;
}

absl::StatusOr<AnswerCache::Packed> PackAnswer(const Endpoint& endpoint, absl::string_view wire) {
  ASSIGN_OR_RETURN(const std::string json, WriteBody(endpoint, wire));
  return CachedAnswer::Pack(Etag(endpoint, wire, json), ContentType(endpoint, wire), json,
                            json.size() >= http::kGzipAtLeast ? http::Gzip(json) : "");
}

http::Response MakeCachedAnswer(const http::Request& request, const Endpoint& endpoint,
                                const CachedAnswer& answer, const AnswerCache::Packed& packed) {
  http::Response response;
  absl::StrAppend(&response.headers,
                  "Cache-Control: public, max-age=", absl::ToInt64Seconds(endpoint.cache_ttl),
                  "\r\nVary: Accept-Encoding, Authorization",
                  endpoint.cache_by_language ? ", Accept-Language" : "", "\r\n");
  if (NotModified(request, endpoint, answer.etag)) {
    response.status = 304;
    AddEtag(answer.etag, false, response);
    return response;
  }
  AddContentType(answer.content_type, response);
  response.owner = packed;
  const bool compressed =
      !answer.gzip.empty() && http::AcceptsGzip(request.Header("Accept-Encoding"));
  response.shared_body = compressed ? answer.gzip : answer.body;
  if (compressed) response.Add("Content-Encoding", "gzip");
  AddEtag(answer.etag, compressed, response);
  return response;
}

}  // namespace veche::gateway

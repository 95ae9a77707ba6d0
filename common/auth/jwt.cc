#include "common/auth/jwt.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "veche/auth/v1/claims.pb.h"

namespace veche::auth {
namespace {

constexpr absl::string_view kIssuer = "veche";
constexpr size_t kMaxTokenBytes = 4096;
constexpr absl::Duration kClockSkew = absl::Seconds(60);

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

// Strict: accepts one encoding of each byte string, so that an altered token is never valid.
bool FromBase64Url(absl::string_view text, std::string& bytes) {
  return absl::WebSafeBase64Unescape(text, &bytes) && Base64Url(bytes) == text;
}

std::string StringField(const google::protobuf::Struct& object, const std::string& name) {
  auto it = object.fields().find(name);
  return it == object.fields().end() ? "" : it->second.string_value();
}

absl::StatusOr<std::string> KeyIdOf(absl::string_view header) {
  std::string json;
  google::protobuf::Struct object;
  if (!FromBase64Url(header, json) ||
      !google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return TokenInvalid();
  }
  std::string key_id = StringField(object, "kid");
  if (object.fields_size() != 3 || StringField(object, "alg") != "EdDSA" ||
      StringField(object, "typ") != "JWT" || key_id.empty()) {
    return TokenInvalid();
  }
  return key_id;
}

// Every caller has ANYONE already; SERVICE is for processes, never for the bearer of a token.
bool IsRoleOfTokens(Role role) {
  return role != options::v1::ROLE_UNSPECIFIED && role != options::v1::ANYONE &&
         role != options::v1::SERVICE;
}

}  // namespace

std::string UnsignedToken(absl::string_view key_id, const Principal& principal, absl::Time issued,
                          absl::Time expires) {
  v1::Claims claims;
  claims.set_iss(std::string(kIssuer));
  claims.set_sub(principal.name);
  for (int number = options::v1::Role_MIN; number <= options::v1::Role_MAX; ++number) {
    const auto role = static_cast<Role>(number);
    if (IsRoleOfTokens(role) && principal.Is(role)) claims.add_roles(options::v1::Role_Name(role));
  }
  claims.set_department(principal.department);
  claims.set_iat(static_cast<uint32_t>(absl::ToUnixSeconds(issued)));
  claims.set_exp(static_cast<uint32_t>(absl::ToUnixSeconds(expires)));
  claims.set_sid(principal.session);
  claims.set_locale(principal.locale);
  claims.set_aud(principal.audience);
  claims.set_scope(principal.scope);
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(claims, &json);
  const std::string header =
      absl::StrCat("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"", key_id, "\"}");
  return absl::StrCat(Base64Url(header), ".", Base64Url(json));
}

std::string FinishToken(std::string unsigned_token, absl::string_view signature) {
  absl::StrAppend(&unsigned_token, ".", Base64Url(signature));
  return unsigned_token;
}

absl::StatusOr<ParsedToken> ParseToken(absl::string_view token) {
  if (token.size() > kMaxTokenBytes) return TokenInvalid();
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return TokenInvalid();
  ParsedToken parsed;
  ASSIGN_OR_RETURN(parsed.key_id, KeyIdOf(parts[0]));
  if (!FromBase64Url(parts[2], parsed.signature)) return TokenInvalid();
  parsed.claims = parts[1];
  parsed.signed_text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  return parsed;
}

absl::StatusOr<Principal> ReadClaims(absl::string_view text, absl::Time now) {
  std::string json;
  v1::Claims claims;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!FromBase64Url(text, json) ||
      !google::protobuf::util::JsonStringToMessage(json, &claims, options).ok()) {
    return TokenInvalid();
  }
  if (claims.iss() != kIssuer || claims.sub().empty()) return TokenInvalid();
  if (claims.aud().empty() && !claims.scope().empty()) return TokenInvalid();
  Principal principal{.name = claims.sub(),
                      .department = claims.department(),
                      .session = claims.sid(),
                      .locale = claims.locale(),
                      .audience = claims.aud(),
                      .scope = claims.scope(),
                      .expires = absl::FromUnixSeconds(claims.exp())};
  if (absl::FromUnixSeconds(claims.iat()) > now + kClockSkew) return TokenInvalid();
  if (principal.expires <= now) return TokenExpired();
  for (const std::string& name : claims.roles()) {
    Role role;
    if (options::v1::Role_Parse(name, &role) && IsRoleOfTokens(role)) {
      principal.roles.Add(role);
    }
  }
  return principal;
}

absl::Status TokenInvalid() {
  return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_INVALID");
}

absl::Status TokenOfOtherAudience() {
  return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_INVALID", {},
                   "TOKEN_AUDIENCE");
}

absl::Status TokenExpired() {
  return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_EXPIRED");
}

}  // namespace veche::auth

#include "services/notifications/push/vapid.h"

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/durable_file.h"
#include "common/base/json_text.h"
#include "common/base/status_macros.h"
#include "common/crypto/p256.h"

namespace veche::notifications {
namespace {

// RFC 8292 allows 24 hours; the clocks of services differ.
constexpr absl::Duration kTokenLife = absl::Hours(12);
constexpr absl::Duration kTokenUse = absl::Hours(6);
// Residents choose the origins, so there may be many.
constexpr size_t kMostTokens = 1000;
// {"typ":"JWT","alg":"ES256"}
constexpr absl::string_view kJwtHeader = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";

}  // namespace

absl::StatusOr<crypto::EvpKey> LoadVapidKey(const std::filesystem::path& file, bool may_create) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (!may_create) {
      return absl::FailedPreconditionError(absl::StrCat(
          file.string(), " is missing, but browsers have subscribed with it. Put it back."));
    }
    RETURN_IF_ERROR(WriteDurablyOnce(file, crypto::P256ToPem(*crypto::GenerateP256())));
  }
  std::ifstream stream(file);
  const std::string pem{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  absl::StatusOr<crypto::EvpKey> key = crypto::P256FromPem(pem);
  if (key.ok()) return key;
  return absl::FailedPreconditionError(
      absl::StrCat(file.string(), " holds no P-256 private key in PEM."));
}

VapidSigner::VapidSigner(crypto::EvpKey key, std::string contact)
    : key_(std::move(key)),
      contact_(std::move(contact)),
      public_key_(absl::WebSafeBase64Escape(crypto::P256Point(*key_))) {}

std::string VapidSigner::Authorization(absl::string_view origin, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (const auto found = tokens_.find(origin);
      found != tokens_.end() && now < found->second.renew) {
    return found->second.header;
  }
  if (tokens_.size() >= kMostTokens) tokens_.clear();
  Token& token = tokens_[std::string(origin)];
  token = {.header = Sign(origin, now), .renew = now + kTokenUse};
  return token.header;
}

std::string VapidSigner::Sign(absl::string_view origin, absl::Time now) const {
  JsonText claims;
  claims.BeginObject()
      .Member("aud", origin)
      .Key("exp")
      .Number(absl::ToUnixSeconds(now + kTokenLife));
  claims.Member("sub", contact_).EndObject();
  const std::string text = absl::StrCat(kJwtHeader, ".", absl::WebSafeBase64Escape(claims.Take()));
  return absl::StrCat("vapid t=", text, ".",
                      absl::WebSafeBase64Escape(crypto::SignEs256(*key_, text)),
                      ", k=", public_key_);
}

std::string OriginOf(absl::string_view url) {
  const size_t colon = url.find("://");
  if (colon == absl::string_view::npos) return "";
  const std::string scheme = absl::AsciiStrToLower(url.substr(0, colon));
  if (scheme != "https" && scheme != "http") return "";
  absl::string_view rest = url.substr(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  std::string host = absl::AsciiStrToLower(rest);
  const bool valid = !host.empty() && absl::c_all_of(host, [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("-._:[]", c);
  });
  if (!valid) return "";
  const absl::string_view own_port = scheme == "https" ? ":443" : ":80";
  const std::string origin = absl::StrCat(scheme, "://", absl::StripSuffix(host, own_port));
  return HostOf(origin).empty() ? "" : origin;
}

std::string HostOf(absl::string_view origin) {
  const size_t colon = origin.find("://");
  if (colon == absl::string_view::npos) return "";
  const absl::string_view rest = origin.substr(colon + 3);
  if (absl::StartsWith(rest, "[")) {
    const size_t end = rest.find(']');
    if (end == absl::string_view::npos) return "";
    return std::string(rest.substr(0, end + 1));
  }
  return std::string(rest.substr(0, rest.find(':')));
}

}  // namespace veche::notifications

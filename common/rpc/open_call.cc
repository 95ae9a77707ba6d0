#include "common/rpc/open_call.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "absl/strings/escaping.h"
#include "common/api/idempotency_key.h"
#include "common/api/metadata.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/caller.h"

namespace veche::rpc {
namespace {

constexpr size_t kUnguessableKey = 16;  // characters; a UUID has more

absl::Time DeadlineOf(const Incoming& incoming, bool unary, absl::Duration by_default) {
  const absl::Time deadline = incoming.deadline();
  return unary && deadline == absl::InfiniteFuture() ? absl::Now() + by_default : deadline;
}

// HMAC-SHA-256 in hexadecimal.
std::string Keyed(absl::string_view key, absl::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return absl::BytesToHexString(digest);
}

// A hash of method and request; equal requests have equal hashes, whatever the order of their maps.
// It is an HMAC with the client's key, of which only a hash is stored: a reader of the table cannot
// test guesses of a password or text, as long as the key itself cannot be guessed.
std::string Fingerprint(absl::string_view key, absl::string_view method,
                        const google::protobuf::Message& request) {
  std::string text = absl::StrCat(method, "\n");
  {
    google::protobuf::io::StringOutputStream stream(&text);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  return Keyed(key, text);
}

std::string HashOf(absl::string_view key) {
  const std::string text = absl::StrCat("Idempotency-Key\n", key);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return absl::BytesToHexString(digest);
}

void CheckKey(absl::string_view key, Violations& violations) {
  if (!api::IsIdempotencyKey(key)) {
    violations.Add("Idempotency-Key",
                   {"NOT_ASCII", {{"most", absl::StrCat(api::kMaxIdempotencyKey)}}});
  }
}

// Guests have no name. A long key identifies its guest alone, because a phone may change its
// address between tries. A short key, like "1", counts together with the client's address, so that
// no guest gets the answer of another.
std::string CallerOf(const auth::Principal& principal, absl::string_view key,
                     absl::string_view address) {
  if (!principal.anonymous()) return principal.name;
  if (key.size() >= kUnguessableKey) return "guest";
  return absl::StrCat("guest/", Keyed(key, address));
}

// Errors whose cause is on the server's side; they are logged.
bool IsOurs(absl::StatusCode code) {
  return code == absl::StatusCode::kUnknown || code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kDataLoss ||
         code == absl::StatusCode::kUnimplemented;
}

}  // namespace

void OpenStreams::Add(std::shared_ptr<OpenStream> stream) {
  absl::Status ended;
  {
    absl::MutexLock lock(&mutex_);
    streams_.emplace(stream.get(), stream);
    ended = ended_;
  }
  if (!ended.ok()) stream->End(ended);
}

void OpenStreams::Remove(const OpenStream* stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
  sessions_.erase(stream);
}

void OpenStreams::SetSession(const OpenStream* stream, const std::string& session) {
  absl::MutexLock lock(&mutex_);
  if (!session.empty() && streams_.contains(stream)) sessions_[stream] = session;
}

void OpenStreams::EndSession(absl::string_view session, const absl::Status& status) {
  std::vector<std::shared_ptr<OpenStream>> ended;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [stream, of] : sessions_) {
      if (of == session) ended.push_back(streams_.at(stream));
    }
  }
  for (const auto& stream : ended) stream->End(status);
}

void OpenStreams::EndAll(absl::Status status) {
  std::vector<std::shared_ptr<OpenStream>> open;
  {
    absl::MutexLock lock(&mutex_);
    ended_ = status;
    for (const auto& [key, stream] : streams_) open.push_back(stream);
  }
  for (const auto& stream : open) stream->End(status);
}

OpenCall::OpenCall(CallShared& shared, Method& method, const Incoming& incoming, bool unary)
    : shared_(shared),
      method_(method),
      incoming_(incoming),
      unary_(unary),
      arrival_(absl::Now()),
      deadline_(DeadlineOf(incoming, unary, shared.default_deadline)),
      trace_(observe::TraceContext::Continue(incoming.Metadata("traceparent").value_or(""))),
      language_(LanguageFor(/*locale=*/"")) {
  method_.metrics.Started();
}

absl::StatusOr<Call> OpenCall::Admit(const google::protobuf::Message* request) {
  if (shared_.stopping.load(std::memory_order_relaxed)) return Stopping();
  if (incoming_.cancelled()) return absl::CancelledError("the client left");
  if (deadline_ - absl::Now() < kLeastTime) {
    return absl::DeadlineExceededError("too little time is left");
  }
  ASSIGN_OR_RETURN(auth::Principal principal,
                   IdentifyCaller(incoming_, shared_.callers, shared_.verifier, shared_.audience));
  language_ = LanguageFor(principal.locale);
  RETURN_IF_ERROR(auth::CheckAccess(method_.access, principal));

  Violations violations;
  AddKnown(violations);
  if (request != nullptr) method_.required.Check(*request, violations);
  std::optional<absl::string_view> key;
  if (method_.takes_idempotency_key && request != nullptr) {
    key = incoming_.Metadata("idempotency-key");
    if (key) CheckKey(*key, violations);
  }
  if (!unary_) RETURN_IF_ERROR(violations.ToStatus());

  Call call(std::move(principal), trace_, deadline_, shared_.service,
            [incoming = &incoming_] { return incoming->cancelled(); });
  const absl::string_view address = incoming_.Metadata(api::kClientAddressMetadata).value_or("");
  call.set_client_address(std::string(address));
  call.set_authorization(std::string(incoming_.Metadata("authorization").value_or("")));
  call.set_language(language_);
  if (!violations.empty()) {
    call.set_violations(std::move(violations));
  } else if (key && shared_.idempotency != nullptr) {
    const std::string fingerprint = Fingerprint(*key, method_.full_name, *request);
    call.set_idempotency_key({.caller = CallerOf(call.principal(), *key, address),
                              .key = HashOf(*key),
                              .fingerprint = fingerprint,
                              .create_time = shared_.clock.Now()});
  }
  return call;
}

std::string OpenCall::LanguageFor(absl::string_view locale) const {
  const absl::string_view asked = incoming_.Metadata(api::kLanguageMetadata).value_or("");
  if (IsLanguage(asked)) return std::string(asked);
  return IsLanguage(locale) ? std::string(locale) : shared_.language;
}

// Adds the violations that the gateway found in the request.
void OpenCall::AddKnown(Violations& violations) const {
  const auto known = incoming_.Metadata(api::kViolationsMetadata);
  if (known && !violations.AddSerialized(*known)) {
    violations.Add("body", "BODY_UNREADABLE");
  }
}

absl::Status OpenCall::Close(absl::Status status) {
  if (unary_) {
    method_.metrics.Finished(status.code(), absl::Now() - arrival_);
  } else {
    method_.metrics.FinishedUntimed(status.code());
  }
  if (status.ok()) return status;
  if (IsOurs(status.code()) && !shared_.stopping) Log(status);
  return Localize(WithoutInside(std::move(status)), shared_.texts, language_);
}

void OpenCall::Log(const absl::Status& status) {
  shared_.telemetry.logger->Error("call failed", {{"method", method_.full_name},
                                                  {"code", observe::CodeName(status.code())},
                                                  {"traceId", trace_.trace_id},
                                                  {"message", status.message()}});
}

// Internal details go to the log only; the client gets the trace id, to ask the operator.
absl::Status OpenCall::WithoutInside(absl::Status status) const {
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return MakeError(status.code(), "veche", "INTERNAL", {{"traceId", trace_.trace_id}});
    case absl::StatusCode::kUnavailable: {
      const std::string reason = ErrorReason(status);
      const absl::Duration delay = RetryAfter(status);
      const bool told = shared_.texts.Has(reason);  // else the called service has written the text
      return WithRetryAfter(
          MakeError(absl::StatusCode::kUnavailable, "veche",
                    reason.empty() ? "UNAVAILABLE" : reason, {}, told ? "" : "UNAVAILABLE"),
          delay > absl::ZeroDuration() ? delay : absl::Seconds(1));
    }
    default:
      return status;
  }
}

absl::Status Stopping() { return absl::UnavailableError("the service is stopping"); }

absl::Status SlowClient() {
  return MakeError(absl::StatusCode::kResourceExhausted, "veche", "CLIENT_TOO_SLOW");
}

absl::Status TokenEnded() {
  return MakeError(absl::StatusCode::kUnauthenticated, "veche", "TOKEN_EXPIRED", {},
                   "STREAM_TOKEN_EXPIRED");
}

absl::Status NotTaken(const absl::Status& pool) {
  if (!absl::IsResourceExhausted(pool)) return Stopping();
  return WithRetryAfter(MakeError(absl::StatusCode::kResourceExhausted, "veche", "QUEUE_FULL"),
                        absl::Seconds(1));
}

}  // namespace veche::rpc

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/observe/trace.h"
#include "common/sql/database.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace grpc {
class ClientContext;
}  // namespace grpc

namespace veche::rpc {

class Idempotency;

// A call with less time left is refused at once: its answer would come too late.
constexpr absl::Duration kLeastTime = absl::Milliseconds(50);

// Identifies the stored answer of a call with an Idempotency-Key.
struct IdempotencyKey {
  std::string caller;       // the principal, or "guest/" and a hash
  std::string key;          // a hash of the client's key
  std::string fingerprint;  // a hash of method and request
  absl::Time create_time;   // when the call arrived
};

// A call, as its handler sees it. Const methods are thread-safe.
class Call {
 public:
  Call(auth::Principal principal, observe::TraceContext trace, absl::Time deadline,
       std::string caller_service, std::function<bool()> cancelled = nullptr)
      : principal_(std::move(principal)),
        trace_(std::move(trace)),
        deadline_(deadline),
        service_(std::move(caller_service)),
        cancelled_(std::move(cancelled)) {}

  const auth::Principal& principal() const { return principal_; }
  const observe::TraceContext& trace() const { return trace_; }
  absl::Time deadline() const { return deadline_; }
  // True when the client no longer waits for the answer. Long work checks it periodically.
  bool cancelled() const { return (cancelled_ && cancelled_()) || absl::Now() > deadline_; }

  // Context for a call to another service on behalf of this call: with this call's trace and
  // language, this service's name as the caller, and this call's deadline, but at most `cap` from
  // now. With less than kLeastTime left a call with the context fails at once, without the network.
  std::unique_ptr<grpc::ClientContext> NewContext(absl::Duration cap = absl::Seconds(5)) const;

  // As NewContext, but the call is the caller's own: it carries the caller's access token, and the
  // other service applies its access rule to the caller. For services that must not take this
  // service's word for who the caller is. Never for a service that another body runs: it could use
  // the token as the caller until the token expires.
  std::unique_ptr<grpc::ClientContext> NewCallersContext(
      absl::Duration cap = absl::Seconds(5)) const;

  // Stores the answer under the call's Idempotency-Key, if it has one, in the transaction of the
  // change, so that a repeat of the call gets this answer and changes nothing. Every handler that
  // changes something calls Remember as the last step of its transaction. AlreadyExists (reason
  // IDEMPOTENCY_KEY_IN_USE) when another replica has already answered a call with this key; the
  // transaction must then roll back.
  absl::Status Remember(sql::Transaction& transaction,
                        const google::protobuf::Message& response) const;

  // The language of the texts for the caller, one of kLanguages: the one that the caller asked for,
  // else the locale in the caller's token, else the city's.
  const std::string& language() const { return language_; }
  void set_language(absl::string_view language) { language_ = std::string(language); }

  // The IP address of the gateway's client, as the gateway sent it; "" when it sent none.
  const std::string& client_address() const { return client_address_; }
  void set_client_address(std::string address) { client_address_ = std::move(address); }

  // The caller's Authorization header; "" when the caller sent none.
  void set_authorization(std::string authorization) { authorization_ = std::move(authorization); }

  // The violations found before the handler runs. A handler with a Violations parameter gets them;
  // any other handler does not run when there are some.
  const Violations& violations() const { return violations_; }
  void set_violations(Violations violations) { violations_ = std::move(violations); }

  const std::optional<IdempotencyKey>& idempotency_key() const { return idempotency_key_; }
  void set_idempotency_key(IdempotencyKey key) { idempotency_key_ = std::move(key); }

 private:
  auth::Principal principal_;
  observe::TraceContext trace_;
  absl::Time deadline_;
  std::string service_;
  std::function<bool()> cancelled_;
  std::optional<IdempotencyKey> idempotency_key_;
  Violations violations_;
  std::string client_address_;
  std::string authorization_;
  std::string language_ = "ru";
};

// Context for calls of workers and commands, which act on behalf of no call. `service` is this
// service's name. Errors come in English, because only logs and operators see them.
std::unique_ptr<grpc::ClientContext> NewBackgroundContext(absl::string_view service,
                                                          absl::Duration timeout);

}  // namespace veche::rpc

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

// Names the answer of a call with an Idempotency-Key.
struct IdempotencyKey {
  std::string caller;       // principal, or "guest/" and a print of the request
  std::string key;          // a hash of what the client chose
  std::string fingerprint;  // of method and request
  absl::Time create_time;   // when the call came
};

// One call as its handler sees it.
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
  // True when the client no longer waits; long work looks now and then.
  bool cancelled() const { return (cancelled_ && cancelled_()) || absl::Now() > deadline_; }

  // Context for a call to another service on behalf of this one: its deadline (capped), its trace,
  // its language, and the name of this service as the caller.
  std::unique_ptr<grpc::ClientContext> NewContext(absl::Duration cap = absl::Seconds(5)) const;

  // Stores the answer under the call's Idempotency-Key, if it has one, in the transaction of the
  // change, so that a repeat of the call gets this answer and changes nothing. Every handler that
  // changes something calls it, last, inside its transaction. AlreadyExists (reason
  // IDEMPOTENCY_KEY_IN_USE) when a twin on another replica was faster.
  absl::Status Remember(sql::Transaction& transaction,
                        const google::protobuf::Message& response) const;

  // The language of what the caller reads, one of kLanguages: what the caller asked for, else the
  // city's.
  const std::string& language() const { return language_; }
  void set_language(absl::string_view language) { language_ = std::string(language); }

  // Where the gateway says its client is; "" when it said nothing.
  const std::string& client_address() const { return client_address_; }
  void set_client_address(std::string address) { client_address_ = std::move(address); }

  // What is wrong with the request before its handler has seen it. Handlers that take violations
  // get these; no other runs when there are any.
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
  std::string language_ = "ru";
};

// Context for work that no call asked for (workers, commands): `service` is this service's name.
// What it is told is for logs and operators, and so in English.
std::unique_ptr<grpc::ClientContext> NewBackgroundContext(absl::string_view service,
                                                          absl::Duration timeout);

}  // namespace veche::rpc

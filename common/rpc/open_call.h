#pragma once

#include <atomic>
#include <exception>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/texts.h"
#include "common/observe/metrics.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/rpc/callers.h"
#include "common/rpc/handler.h"
#include "common/rpc/incoming.h"
#include "common/rpc/required_fields.h"
#include "common/rpc/worker_pool.h"

// The parts that unary calls and streams of the dispatcher share. Private to rpc.

namespace veche::rpc {

// One RPC method, prepared at start.
struct Method {
  std::string full_name;  // "veche.appeals.v1.Appeals.GetAppeal"
  std::string path;       // "/veche.appeals.v1.Appeals/GetAppeal"
  auth::AccessRule access;
  RequiredFields required;
  bool takes_idempotency_key;  // not a GET
  observe::CallMetrics metrics;
  Handler handler;
};

// A stream that has to end when the dispatcher shuts down.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  virtual void End(absl::Status status) = 0;
};

// The open subscriptions. Thread-safe.
class OpenStreams {
 public:
  void Add(std::shared_ptr<OpenStream> stream);
  void Remove(const OpenStream* stream);
  // Ends all streams, and every later one as soon as it is added.
  void EndAll(absl::Status status);
  // Notes the session whose token opened the stream.
  void SetSession(const OpenStream* stream, const std::string& session);
  // Ends the streams of a session.
  void EndSession(absl::string_view session, const absl::Status& status);

 private:
  absl::Mutex mutex_;
  absl::Status ended_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const OpenStream*, std::shared_ptr<OpenStream>> streams_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const OpenStream*, std::string> sessions_ ABSL_GUARDED_BY(mutex_);
};

// The state that all calls of a dispatcher share.
struct CallShared {
  std::string service;
  Callers callers;
  std::string audience;  // of the tokens that the service accepts
  absl::Duration default_deadline;
  auth::TokenVerifier& verifier;
  Idempotency* idempotency;
  const Clock& clock;
  observe::Telemetry telemetry;
  const Texts texts;
  const std::string language;  // of callers who ask for none
  OpenStreams streams;
  WorkerPool pool;
  std::atomic<bool> stopping = false;
};

// Runs `body`, which returns absl::Status or absl::StatusOr; an exception becomes Internal.
template <typename Body>
auto CatchExceptions(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    return absl::InternalError("an exception of unknown type");
  }
}

// One call, from its arrival to its answer.
class OpenCall {
 public:
  // All references must outlive the OpenCall. `unary`: the call gets the default deadline if it has
  // none, and its duration is measured.
  OpenCall(CallShared& shared, Method& method, const Incoming& incoming, bool unary);
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  // The call for its handler, or the error that refuses it. A unary call with invalid fields is
  // admitted with its violations, so that the handler can add its own. `request` is null when the
  // client streams. May block to fetch the keys for tokens.
  absl::StatusOr<Call> Admit(const google::protobuf::Message* request);

  // Counts and logs the result, and returns the status for the client, in the client's language.
  // Call it once, before the client gets the answer.
  absl::Status Close(absl::Status status);

  bool cancelled() const { return incoming_.cancelled(); }
  CallShared& shared() { return shared_; }
  Method& method() { return method_; }

 private:
  // The language that the caller asked for, else `locale`, else the city's.
  std::string LanguageFor(absl::string_view locale) const;
  void AddKnown(Violations& violations) const;
  void Log(const absl::Status& status);
  absl::Status WithoutInside(absl::Status status) const;

  CallShared& shared_;
  Method& method_;
  const Incoming& incoming_;
  const bool unary_;
  const absl::Time arrival_;
  const absl::Time deadline_;
  const observe::TraceContext trace_;
  std::string language_;  // of texts for the caller; without the token's locale until Admit
};

absl::Status Stopping();
absl::Status SlowClient();
absl::Status TokenEnded();
// The error of a call that the worker pool refused with `pool`.
absl::Status NotTaken(const absl::Status& pool);

}  // namespace veche::rpc

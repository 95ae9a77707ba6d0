#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/principal.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/rpc/callers.h"
#include "common/rpc/channels.h"
#include "common/rpc/direct.h"
#include "common/rpc/module.h"

namespace veche::rpc::testing {

// A call by `principal` for handler tests without a network.
Call MakeCall(auth::Principal principal = {});
// The same with an Idempotency-Key already begun.
Call MakeCallWithKey(auth::Principal principal, std::string key, std::string fingerprint);

auth::Principal Resident(absl::string_view id);
auth::Principal Officer(absl::string_view id, absl::string_view department);
auth::Principal Supervisor(absl::string_view id);
auth::Principal Admin(absl::string_view id);
auth::Principal Service(absl::string_view service);

// Callers with every service of the suite; `followers` are those of the tested service.
Callers SuiteCallers(std::set<std::string, std::less<>> followers = {});

// Keeps every line that is logged, as the program would write it. Thread-safe.
class RecordingLogger final : public observe::Logger {
 public:
  void Log(observe::Level level, absl::string_view event, observe::LogFields fields) override;
  std::vector<std::string> lines() const;
  std::string text() const;  // all lines

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

// A real in-process server with the services of a test, a signer and the matching verifier.
class TestServer {
 public:
  explicit TestServer(std::vector<grpc::Service*> services);
  ~TestServer();
  std::shared_ptr<grpc::Channel> channel();
  // Context of a call by `principal`, with a real token (or service name), which ends with the
  // principal's `expires` if that is sooner than a token's usual end.
  std::unique_ptr<grpc::ClientContext> ContextFor(const auth::Principal& principal);
  // The same for a direct call.
  static DirectService::Options DirectOptionsFor(const auth::Principal& principal);
  static auth::TokenVerifier& verifier();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace veche::rpc::testing

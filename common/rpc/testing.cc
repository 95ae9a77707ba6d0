#include "common/rpc/testing.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/metadata.h"
#include "common/rpc/callback_queue.h"

namespace veche::rpc::testing {
namespace {

using namespace options::v1;  // roles

const auth::TokenSigner& Signer() {
  static const auth::TokenSigner& signer = *auth::TokenSigner::Generate().release();
  return signer;
}

const SystemClock& RealClock() {
  static const SystemClock clock;
  return clock;
}

constexpr absl::string_view kServices = "services/";

}  // namespace

Call MakeCall(auth::Principal principal) {
  return Call(std::move(principal), observe::TraceContext::Continue(""), absl::InfiniteFuture(),
              "testing");
}

Call MakeCallWithKey(auth::Principal principal, std::string key, std::string fingerprint) {
  std::string caller = principal.anonymous() ? "guest" : principal.name;
  Call call = MakeCall(std::move(principal));
  call.set_idempotency_key({.caller = std::move(caller),
                            .key = std::move(key),
                            .fingerprint = std::move(fingerprint),
                            .create_time = absl::Now()});
  return call;
}

auth::Principal Resident(absl::string_view id) {
  return {.name = absl::StrCat("residents/", id), .roles = {ANYONE, RESIDENT}};
}

auth::Principal Officer(absl::string_view id, absl::string_view department) {
  return {.name = absl::StrCat("staff/", id),
          .roles = {ANYONE, OFFICER},
          .department = std::string(department)};
}

auth::Principal Supervisor(absl::string_view id) {
  return {.name = absl::StrCat("staff/", id), .roles = {ANYONE, SUPERVISOR}};
}

auth::Principal Admin(absl::string_view id) {
  return {.name = absl::StrCat("staff/", id), .roles = {ANYONE, ADMIN}};
}

auth::Principal Service(absl::string_view service) {
  return {.name = absl::StrCat(kServices, service), .roles = {ANYONE, SERVICE}};
}

Callers SuiteCallers(std::set<std::string, std::less<>> followers) {
  return {.known = {"appeals", "classification", "commands", "directory", "gateway", "identity",
                    "issuer", "notifications", "polling"},
          .followers = std::move(followers)};
}

void RecordingLogger::Log(observe::Level level, absl::string_view event,
                          observe::LogFields fields) {
  absl::MutexLock lock(&mutex_);
  lines_.push_back(observe::FormatLogLine(absl::UnixEpoch(), level, "test", event, fields));
}

std::vector<std::string> RecordingLogger::lines() const {
  absl::MutexLock lock(&mutex_);
  return lines_;
}

std::string RecordingLogger::text() const { return absl::StrJoin(lines(), "\n"); }

struct TestServer::State {
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<grpc::Channel> channel;
};

TestServer::TestServer(std::vector<grpc::Service*> services) : state_(std::make_unique<State>()) {
  KeepCallbackQueue();
  grpc::ServerBuilder builder;
  for (grpc::Service* service : services) builder.RegisterService(service);
  state_->server = builder.BuildAndStart();
  state_->channel = state_->server->InProcessChannel(grpc::ChannelArguments());
}

TestServer::~TestServer() { state_->server->Shutdown(absl::ToChronoTime(absl::Now())); }

std::shared_ptr<grpc::Channel> TestServer::channel() { return state_->channel; }

std::unique_ptr<grpc::ClientContext> TestServer::ContextFor(const auth::Principal& principal) {
  auto context = std::make_unique<grpc::ClientContext>();
  for (const auto& [name, value] : DirectOptionsFor(principal).metadata) {
    context->AddMetadata(name, value);
  }
  return context;
}

DirectService::Options TestServer::DirectOptionsFor(const auth::Principal& principal) {
  DirectService::Options options;
  if (absl::StartsWith(principal.name, kServices)) {
    options.metadata.emplace_back(api::kServiceMetadata, principal.name.substr(kServices.size()));
  } else if (!principal.anonymous()) {
    const absl::Time issued = std::min(absl::Now(), principal.expires - auth::kAccessTokenLifetime);
    options.metadata.emplace_back("authorization",
                                  absl::StrCat("Bearer ", Signer().Sign(principal, issued)));
  }
  return options;
}

auth::TokenVerifier& TestServer::verifier() {
  static auth::TokenVerifier& verifier = *new auth::TokenVerifier(
      []() -> absl::StatusOr<std::vector<auth::PublicKey>> {
        return std::vector<auth::PublicKey>{Signer().public_key()};
      },
      RealClock());
  return verifier;
}

}  // namespace veche::rpc::testing

#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/blind_rsa/keys.h"
#include "common/crypto/ed25519.h"
#include "services/polling/protocol/closing_record.h"
#include "veche/classification/v1/classification.grpc.pb.h"
#include "veche/directory/v1/directory.grpc.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/issuer/v1/issuer.grpc.pb.h"

// The services that polling calls, as real gRPC services.

namespace veche::polling::testing {

// The Authorization header of a call; "" when there is none.
inline std::string AuthorizationOf(const grpc::ServerContext& context) {
  const auto header = context.client_metadata().find("authorization");
  return header == context.client_metadata().end()
             ? ""
             : std::string(header->second.data(), header->second.size());
}

// An issuer that signs for everybody who has a token, as often as they like. Thread-safe.
class FakeIssuer final : public ::veche::issuer::v1::Issuer::Service {
 public:
  explicit FakeIssuer(std::string name = "city") : name_(std::move(name)) {}

  void SetName(const std::string& name) {
    absl::MutexLock lock(&mutex_);
    name_ = name;
  }
  // While down, every call fails.
  void SetDown(bool down) {
    absl::MutexLock lock(&mutex_);
    down_ = down;
  }
  // Makes the key of `poll`, which takes a second of one core: a call that makes it first may be
  // late on a busy machine.
  void MakeKey(const std::string& poll) {
    absl::MutexLock lock(&mutex_);
    KeyOf(poll);
  }
  // While hanging, no call is answered: each waits until the hanging ends.
  void SetHanging(bool hanging) {
    absl::MutexLock lock(&mutex_);
    hanging_ = hanging;
  }
  // Waits until a call hangs.
  void AwaitHangingCall() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* calls) { return *calls > 0; }, &hanging_calls_));
  }
  // While lying, keys and statements are not what the protocol says.
  void SetLying(bool lying) {
    absl::MutexLock lock(&mutex_);
    lying_ = lying;
  }
  void SetIssued(int64_t issued) {
    absl::MutexLock lock(&mutex_);
    issued_ = issued;
  }
  // While refusing, no token is good enough.
  void SetRefusing(bool refusing) {
    absl::MutexLock lock(&mutex_);
    refusing_ = refusing;
  }
  int closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_;
  }
  // The Authorization header of the last call for a credential.
  std::string authorization() const {
    absl::MutexLock lock(&mutex_);
    return authorization_;
  }

  grpc::Status CreatePollKey(grpc::ServerContext*,
                             const ::veche::issuer::v1::CreatePollKeyRequest* request,
                             ::veche::issuer::v1::PollKey* response) override {
    absl::MutexLock lock(&mutex_);
    Hang();
    if (down_) return Down();
    response->set_name(name_);
    response->set_public_key(KeyOf(request->poll()).public_key().ToSpki());
    response->set_statement_key(lying_ ? "short" : crypto::Ed25519PublicBytes(*statement_key_));
    return grpc::Status::OK;
  }

  grpc::Status IssueCredential(grpc::ServerContext* context,
                               const ::veche::issuer::v1::IssueCredentialRequest* request,
                               ::veche::issuer::v1::IssueCredentialResponse* response) override {
    absl::MutexLock lock(&mutex_);
    Hang();
    if (down_) return Down();
    authorization_ = AuthorizationOf(*context);
    if (refusing_) return {grpc::StatusCode::UNAUTHENTICATED, "not for me"};
    const auto signature = KeyOf(request->poll()).BlindSign(request->blinded_message());
    if (!signature.ok()) return {grpc::StatusCode::INVALID_ARGUMENT, "not a blinded message"};
    response->set_blind_signature(*signature);
    ++issued_;
    return grpc::Status::OK;
  }

  grpc::Status ClosePollKey(grpc::ServerContext*,
                            const ::veche::issuer::v1::ClosePollKeyRequest* request,
                            ::veche::issuer::v1::Issuance* response) override {
    absl::MutexLock lock(&mutex_);
    Hang();
    if (down_) return Down();
    ++closed_;
    Fill(request->poll(), true, *response);
    return grpc::Status::OK;
  }

  grpc::Status GetIssuance(grpc::ServerContext*,
                           const ::veche::issuer::v1::GetIssuanceRequest* request,
                           ::veche::issuer::v1::Issuance* response) override {
    absl::MutexLock lock(&mutex_);
    Hang();
    if (down_) return Down();
    Fill(request->poll(), false, *response);
    return grpc::Status::OK;
  }

 private:
  void Hang() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ++hanging_calls_;
    mutex_.Await(absl::Condition(
        +[](bool* hanging) { return !*hanging; }, &hanging_));
    --hanging_calls_;
  }
  static grpc::Status Down() { return {grpc::StatusCode::UNAVAILABLE, "down"}; }

  const blind_rsa::PrivateKey& KeyOf(const std::string& poll)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto found = keys_.find(poll);
    if (found == keys_.end()) found = keys_.emplace(poll, blind_rsa::PrivateKey::Generate()).first;
    return found->second;
  }

  void Fill(const std::string& poll, bool closed, ::veche::issuer::v1::Issuance& response)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    response.set_poll(poll);
    response.set_name(name_);
    response.set_issued_count(issued_);
    response.set_closed(closed);
    const std::string statement = protocol::IssuedStatementBytes(
        poll, static_cast<uint64_t>(issued_), closed, KeyOf(poll).public_key().ToSpki());
    response.set_statement(lying_ ? "short" : crypto::Ed25519Sign(*statement_key_, statement));
  }

  mutable absl::Mutex mutex_;
  std::string name_ ABSL_GUARDED_BY(mutex_);
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
  bool lying_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t issued_ ABSL_GUARDED_BY(mutex_) = 0;
  int closed_ ABSL_GUARDED_BY(mutex_) = 0;
  bool hanging_ ABSL_GUARDED_BY(mutex_) = false;
  int hanging_calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, blind_rsa::PrivateKey> keys_ ABSL_GUARDED_BY(mutex_);
  const crypto::EvpKey statement_key_ = crypto::GenerateEd25519();
};

// Seven residents may vote. The token for an issuer says its issuer and poll. Thread-safe.
class FakeIdentity final : public ::veche::identity::v1::Identity::Service {
 public:
  // The Authorization header of the last call for a token.
  std::string authorization() const {
    absl::MutexLock lock(&mutex_);
    return authorization_;
  }

  grpc::Status CreateIssuerToken(
      grpc::ServerContext* context, const ::veche::identity::v1::CreateIssuerTokenRequest* request,
      ::veche::identity::v1::CreateIssuerTokenResponse* response) override {
    absl::MutexLock lock(&mutex_);
    authorization_ = AuthorizationOf(*context);
    response->set_token(absl::StrCat(request->issuer(), ".", request->poll()));
    return grpc::Status::OK;
  }
  grpc::Status CountEligible(grpc::ServerContext*,
                             const ::veche::identity::v1::CountEligibleRequest*,
                             ::veche::identity::v1::CountEligibleResponse* response) override {
    response->set_count(7);
    return grpc::Status::OK;
  }

 private:
  mutable absl::Mutex mutex_;
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
};

// Takes texts with "казино" for adverts. Thread-safe.
class FakeClassification final : public ::veche::classification::v1::Classification::Service {
 public:
  // While silent, calls are not answered: each ends with its deadline.
  void SetSilent(bool silent) {
    absl::MutexLock lock(&mutex_);
    silent_ = silent;
  }
  // While down, every call fails.
  void SetDown(bool down) {
    absl::MutexLock lock(&mutex_);
    down_ = down;
  }
  grpc::Status AssessSpam(grpc::ServerContext* context,
                          const ::veche::classification::v1::AssessSpamRequest* request,
                          ::veche::classification::v1::AssessSpamResponse* response) override {
    absl::MutexLock lock(&mutex_);
    const auto answers = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !silent_; };
    const absl::Time deadline = absl::FromChrono(context->deadline()) + absl::Seconds(1);
    if (!mutex_.AwaitWithDeadline(absl::Condition(&answers), deadline)) {
      return {grpc::StatusCode::DEADLINE_EXCEEDED, "silent"};
    }
    if (down_) return {grpc::StatusCode::UNAVAILABLE, "down"};
    if (absl::StrContains(request->text(), "казино")) {
      response->set_probability(0.9);
      response->add_reasons(::veche::classification::v1::AssessSpamResponse::ADVERTISING);
      response->add_reasons(::veche::classification::v1::AssessSpamResponse::LINKS);
    } else {
      response->set_probability(0.1);
      response->add_reasons(::veche::classification::v1::AssessSpamResponse::LINKS);
    }
    return grpc::Status::OK;
  }

 private:
  absl::Mutex mutex_;
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
};

// There is one district.
class FakeDirectory final : public ::veche::directory::v1::Directory::Service {
 public:
  grpc::Status ListDistricts(grpc::ServerContext*,
                             const ::veche::directory::v1::ListDistrictsRequest*,
                             ::veche::directory::v1::ListDistrictsResponse* response) override {
    response->add_districts()->set_name("districts/centre");
    return grpc::Status::OK;
  }
};

}  // namespace veche::polling::testing

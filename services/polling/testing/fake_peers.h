#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <optional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/blind_rsa/keys.h"
#include "common/crypto/ed25519.h"
#include "services/polling/protocol/closing_record.h"
#include "veche/directory/v1/directory.grpc.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/issuer/v1/issuer.grpc.pb.h"

// The services that polling calls, as real gRPC services.

namespace veche::polling::testing {

// An issuer that signs for everybody who has a token, as often as they like. Thread-safe.
class FakeIssuer final : public ::veche::issuer::v1::Issuer::Service {
 public:
  // While down, every call fails.
  void SetDown(bool down) {
    absl::MutexLock lock(&mutex_);
    down_ = down;
  }
  // While lying, keys and statements are not what the protocol says.
  void SetLying(bool lying) {
    absl::MutexLock lock(&mutex_);
    lying_ = lying;
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
    if (down_) return Down();
    response->set_name("city");
    response->set_public_key(KeyOf(request->poll()).public_key().ToSpki());
    response->set_statement_key(lying_ ? "short" : crypto::Ed25519PublicBytes(*statement_key_));
    return grpc::Status::OK;
  }

  grpc::Status IssueCredential(grpc::ServerContext* context,
                               const ::veche::issuer::v1::IssueCredentialRequest* request,
                               ::veche::issuer::v1::IssueCredentialResponse* response) override {
    absl::MutexLock lock(&mutex_);
    if (down_) return Down();
    const auto header = context->client_metadata().find("authorization");
    authorization_ = header == context->client_metadata().end()
                         ? ""
                         : std::string(header->second.data(), header->second.size());
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
    if (down_) return Down();
    ++closed_;
    Fill(request->poll(), true, *response);
    return grpc::Status::OK;
  }

  grpc::Status GetIssuance(grpc::ServerContext*,
                           const ::veche::issuer::v1::GetIssuanceRequest* request,
                           ::veche::issuer::v1::Issuance* response) override {
    absl::MutexLock lock(&mutex_);
    if (down_) return Down();
    Fill(request->poll(), false, *response);
    return grpc::Status::OK;
  }

 private:
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
    response.set_name("city");
    response.set_issued_count(issued_);
    response.set_closed(closed);
    const std::string statement = protocol::IssuedStatementBytes(
        poll, static_cast<uint64_t>(issued_), closed, KeyOf(poll).public_key().ToSpki());
    response.set_statement(lying_ ? "short" : crypto::Ed25519Sign(*statement_key_, statement));
  }

  mutable absl::Mutex mutex_;
  bool down_ ABSL_GUARDED_BY(mutex_) = false;
  bool lying_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t issued_ ABSL_GUARDED_BY(mutex_) = 0;
  int closed_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, blind_rsa::PrivateKey> keys_ ABSL_GUARDED_BY(mutex_);
  const crypto::EvpKey statement_key_ = crypto::GenerateEd25519();
};

// Seven residents may vote.
class FakeIdentity final : public ::veche::identity::v1::Identity::Service {
 public:
  grpc::Status CountEligible(grpc::ServerContext*,
                             const ::veche::identity::v1::CountEligibleRequest*,
                             ::veche::identity::v1::CountEligibleResponse* response) override {
    response->set_count(7);
    return grpc::Status::OK;
  }
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

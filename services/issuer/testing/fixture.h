#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/blind_rsa/keys.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/issuer/domain/poll.h"
#include "services/issuer/storage/migrations.h"
#include "services/issuer/storage/store.h"
#include "services/issuer/vault/key_vault.h"
#include "veche/identity/v1/identity.grpc.pb.h"

// Fakes and builders of the issuer's tests.

namespace veche::issuer::testing {

// Identity on a real server: knows the residents that a test names. Thread-safe.
class FakeIdentity final : public identity::v1::Identity::Service {
 public:
  using Response = identity::v1::CheckEligibilityResponse;

  void Answer(const std::string& resident, Response::Reason reason,
              const std::string& district = "") {
    Response response;
    response.set_eligible(reason == Response::REASON_UNSPECIFIED);
    response.set_reason(reason);
    response.set_district(district);
    absl::MutexLock lock(&mutex_);
    answers_[resident] = response;
  }
  void Fail(grpc::Status status) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }
  identity::v1::CheckEligibilityRequest last() const {
    absl::MutexLock lock(&mutex_);
    return last_;
  }

  grpc::Status CheckEligibility(grpc::ServerContext*,
                                const identity::v1::CheckEligibilityRequest* request,
                                Response* response) override {
    absl::MutexLock lock(&mutex_);
    last_ = *request;
    if (!failure_.ok()) return failure_;
    const auto found = answers_.find(request->resident());
    if (found == answers_.end()) return grpc::Status(grpc::StatusCode::NOT_FOUND, "");
    *response = found->second;
    return grpc::Status::OK;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, Response> answers_ ABSL_GUARDED_BY(mutex_);
  identity::v1::CheckEligibilityRequest last_ ABSL_GUARDED_BY(mutex_);
  grpc::Status failure_ ABSL_GUARDED_BY(mutex_);
};

// A database that runs `before` ahead of each Write, and then fails while `failure` is an error:
// what happens between a signature and its commit. `before` and `failure` are set while no call
// runs.
class InterruptedDatabase final : public sql::Database {
 public:
  explicit InterruptedDatabase(std::unique_ptr<sql::Database> inner) : inner_(std::move(inner)) {}

  std::function<void()> before;
  absl::Status failure;

  absl::Status Read(sql::TransactionBody body) override { return inner_->Read(body); }
  absl::Status Write(sql::TransactionBody body) override {
    if (before) std::exchange(before, nullptr)();
    return inner_->Write([&](sql::Transaction& transaction) -> absl::Status {
      const absl::Status status = body(transaction);
      return status.ok() ? failure : status;
    });
  }
  sql::Engine engine() const override { return inner_->engine(); }

 private:
  const std::unique_ptr<sql::Database> inner_;
};

inline absl::Status MigrateAll(sql::Database& database) {
  return sql::Migrate(database, {rpc::IdempotencyMigrations(), Migrations()});
}

// One key for all tests: making one takes a third of a second.
inline const blind_rsa::PrivateKey& SharedKey() {
  static const auto* const key = new blind_rsa::PrivateKey(blind_rsa::PrivateKey::Generate());
  return *key;
}

// A poll from `now` for an hour, with the shared key.
inline PollKey MakePollKey(const KeyVault& vault, absl::Time now, std::string poll = "p1") {
  PollKey key{.poll = {.id = std::move(poll),
                       .eligibility = {.min_age = 18, .verified = true, .districts = {}},
                       .open_time = now,
                       .close_time = now + absl::Hours(1)},
              .public_key = SharedKey().public_key().ToSpki()};
  key.sealed_key = vault.SealPollKey(key.poll.id, SharedKey());
  return key;
}

// A blinded message that every key takes: a small number.
inline std::string SmallMessage(const blind_rsa::PublicKey& key, unsigned char number = 2) {
  std::string message(key.modulus_bytes(), '\0');
  message.back() = static_cast<char>(number);
  return message;
}

}  // namespace veche::issuer::testing

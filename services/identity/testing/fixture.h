#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/token.h"
#include "common/base/id.h"
#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/identity/calls/account_calls.h"
#include "services/identity/calls/eligibility_calls.h"
#include "services/identity/calls/feedback_calls.h"
#include "services/identity/calls/issuer_token_calls.h"
#include "services/identity/calls/message_calls.h"
#include "services/identity/calls/session_calls.h"
#include "services/identity/calls/sign_in_calls.h"
#include "services/identity/delivery/message_sender.h"
#include "services/identity/storage/migrations.h"
#include "services/identity/storage/store.h"
#include "services/identity/texts.h"

// Fakes and the fixture of identity's tests.

namespace veche::identity::testing {

// Records messages, or fails as told. Thread-safe.
class FakeSender final : public MessageSender {
 public:
  absl::Status Send(const OutgoingMessage& message) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    messages_.push_back(message);
    return absl::OkStatus();
  }
  void FailWith(absl::Status failure) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }
  std::vector<OutgoingMessage> messages() const {
    absl::MutexLock lock(&mutex_);
    return messages_;
  }
  // The six digits of the newest message.
  std::string last_code() const {
    absl::MutexLock lock(&mutex_);
    std::string digits;
    for (char c : messages_.back().body) {
      if (absl::ascii_isdigit(c) && digits.size() < 6) digits.push_back(c);
    }
    return digits;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<OutgoingMessage> messages_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

// A temporary folder, removed by the destructor.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "identity-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// All parts of identity without the network, on a test's database.
struct Identity {
  explicit Identity(std::unique_ptr<sql::Database> opened = sql::testing::OpenInMemory())
      : database(std::move(opened)) {
    EXPECT_OK(sql::Migrate(*database,
                           {events::Migrations(), rpc::IdempotencyMigrations(), Migrations()}));
  }

  std::unique_ptr<sql::Database> database;
  veche::testing::FakeClock clock;
  UlidSource ids{clock};
  Vault vault{std::string(32, 'k')};
  Store store{vault};
  MessageStore message_store{vault};
  FeedbackStore feedback_store{vault};
  // The cheapest parameters that argon2 accepts; many run at once, so that races happen in the
  // database.
  Passwords passwords{{.memory_kib = 8, .passes = 1, .at_once = 32, .waiting = 32}};
  FakeSender sender;
  std::unique_ptr<auth::TokenSigner> signer = auth::TokenSigner::Generate();
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  SignInCalls sign_in{{*database, store, vault, passwords, sender, *signer, clock, ids, texts}};
  events::EventLog log{"identity", *database, clock, ids};
  AccountCalls accounts{{*database, store, passwords, log, clock, ids, /*language=*/"ru"}};
  MessageCalls messages{{*database, store, message_store, clock, ids, /*language=*/"ru", [] {}}};
  EligibilityCalls eligibility{{*database, store, clock, ids, absl::UTCTimeZone()}};
  FeedbackCalls feedback{{*database, store, feedback_store, clock, ids}};
  IssuerTokenCalls issuer_tokens{*signer, clock};
  EndedSessionHub ended_sessions{EndedSessionHubOptions()};
  SessionCalls sessions{ended_sessions};

  template <typename Body>
  auto Write(Body body) {
    std::invoke_result_t<Body, sql::Transaction&> result;
    const absl::Status status = database->Write([&](sql::Transaction& transaction) {
      result = body(transaction);
      return veche::testing::AsStatus(result);
    });
    if (!status.ok()) result = status;
    return result;
  }

  // Sends a code and returns the request that signs in with it.
  v1::SignInRequest AskForCode(const std::string& contact) {
    v1::SendCodeRequest request;
    request.set_contact(contact);
    const auto response = sign_in.SendCode(rpc::testing::MakeCall(), request);
    EXPECT_OK(response);
    v1::SignInRequest sign_in_request;
    if (response.ok()) {
      sign_in_request.set_challenge(response->challenge());
      sign_in_request.set_code(sender.last_code());
    }
    return sign_in_request;
  }

  absl::StatusOr<v1::SignInResponse> SignIn(const v1::SignInRequest& request) {
    return sign_in.SignIn(rpc::testing::MakeCall(), request);
  }
  absl::StatusOr<v1::SignInResponse> SignIn(const std::string& login, const std::string& password) {
    v1::SignInRequest request;
    request.set_login(login);
    request.set_password(password);
    return SignIn(request);
  }
  absl::StatusOr<v1::SignInResponse> Refresh(const std::string& token) {
    v1::RefreshRequest request;
    request.set_refresh_token(token);
    return sign_in.Refresh(rpc::testing::MakeCall(), request);
  }
  absl::StatusOr<v1::Staff> CreateStaff(const std::string& login, const std::string& password,
                                        auth::Role role = options::v1::EDITOR) {
    v1::CreateStaffRequest request;
    request.set_login(login);
    request.set_password(password);
    request.add_roles(role);
    if (role == options::v1::OFFICER) request.set_department("departments/roads");
    return accounts.CreateStaff(rpc::testing::MakeCall(rpc::testing::Admin("a")), request);
  }
};

// A code that is not `code`.
inline std::string OtherCode(std::string code) {
  code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
  return code;
}

}  // namespace veche::identity::testing

#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/identity/delivery/message_sender.h"
#include "services/identity/storage/store.h"
#include "services/identity/vault/password.h"
#include "services/identity/vault/refresh_token.h"
#include "services/identity/vault/vault.h"
#include "veche/identity/v1/identity.pb.h"

namespace veche::identity {

// Codes, passwords, sessions and keys. The answers of these calls are not stored under an
// Idempotency-Key, because they hold tokens: a repeated SendCode sends another code, a repeated
// SignIn fails or begins another session, a repeated Refresh gets the same answer for ten seconds.
// Thread-safe; may block.
class SignInCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    const Vault& vault;
    Passwords& passwords;
    MessageSender& sender;
    const auth::TokenSigner& signer;
    const Clock& clock;
    IdSource& ids;
    const Texts& texts;
    std::function<void()> on_session_ended = [] {};  // after the commit
  };
  // All of `parts` must outlive it.
  explicit SignInCalls(Parts parts) : parts_(std::move(parts)), tokens_(parts_.vault) {}

  absl::StatusOr<v1::SendCodeResponse> SendCode(const rpc::Call& call,
                                                const v1::SendCodeRequest& request,
                                                Violations violations = {});
  absl::StatusOr<v1::SignInResponse> SignIn(const rpc::Call& call, const v1::SignInRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::SignInResponse> Refresh(const rpc::Call& call,
                                             const v1::RefreshRequest& request);
  absl::StatusOr<v1::SignOutResponse> SignOut(const rpc::Call& call,
                                              const v1::SignOutRequest& request);
  absl::StatusOr<v1::KeySet> GetKeys(const rpc::Call& call, const v1::GetKeysRequest& request);

 private:
  // An account that may have a session now.
  struct Account {
    auth::Principal principal;
    std::string display_name;
  };

  absl::StatusOr<v1::SignInResponse> SignInByCode(const rpc::Call& call,
                                                  const v1::SignInRequest& request);
  absl::StatusOr<v1::SignInResponse> SignInByPassword(const v1::SignInRequest& request);
  // Counts a guess for the login before it is verified. ResourceExhausted (TOO_MANY_ATTEMPTS) when
  // the login has to wait.
  absl::Status AdmitGuess(absl::string_view login);
  Resident NewResident(const api::Contact& contact, const std::string& locale) const;
  // The locale of the resident with this contact; nullopt when there is none yet.
  absl::StatusOr<std::optional<std::string>> LocaleOf(sql::Transaction& transaction,
                                                      const api::Contact& contact);
  // Stores a new session and returns its tokens.
  absl::StatusOr<v1::SignInResponse> Begin(sql::Transaction& transaction, Account account);
  absl::Status EndSession(sql::Transaction& transaction, absl::string_view id);
  // Unauthenticated (SESSION_ENDED) when the account is missing, disabled, or a guest.
  absl::StatusOr<Account> Load(sql::Transaction& transaction, absl::string_view principal);
  v1::SignInResponse Answer(Account account, absl::string_view session,
                            std::string refresh_token) const;

  const Parts parts_;
  const RefreshTokens tokens_;
};

}  // namespace veche::identity

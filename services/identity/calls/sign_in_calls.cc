#include "services/identity/calls/sign_in_calls.h"

#include <optional>

#include "absl/strings/match.h"
#include "common/api/timestamp.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/hmac.h"
#include "common/crypto/random.h"
#include "services/identity/calls/convert.h"
#include "services/identity/domain/errors.h"

namespace veche::identity {
namespace {

constexpr size_t kCodeDigits = 6;
constexpr size_t kChallengeBytes = 16;
constexpr size_t kChallengeCharacters = 22;  // of 16 bytes in base64url

// A request has either challenge and code, or login and password.
void CheckSignIn(const v1::SignInRequest& request, Violations& violations) {
  const bool by_code = !request.challenge().empty() || !request.code().empty();
  const bool by_password = !request.login().empty() || !request.password().empty();
  const auto require = [&violations](absl::string_view field, const std::string& value) {
    if (value.empty()) violations.Add(field, "REQUIRED");
  };
  if (by_code && by_password) {
    violations.Add("login", "NOT_WITH_CHALLENGE");
  } else if (by_password) {
    require("login", request.login());
    require("password", request.password());
    if (request.password().size() > 1024) {
      violations.Add("password", {"TOO_MANY_BYTES", {{"most", "1024"}}});
    }
    if (request.login().size() > 256) {
      violations.Add("login", {"TOO_MANY_BYTES", {{"most", "256"}}});
    }
  } else {
    require("challenge", request.challenge());
    if (!IsCode(request.code())) violations.Add("code", "CODE_FORM");
  }
}

}  // namespace

absl::StatusOr<v1::SendCodeResponse> SignInCalls::SendCode(const rpc::Call& call,
                                                           const v1::SendCodeRequest& request,
                                                           Violations violations) {
  const std::optional<api::Contact> contact = api::ParseContact(request.contact());
  if (!contact) {
    violations.Add("contact", "CONTACT");
  }
  RETURN_IF_ERROR(violations.ToStatus());

  const absl::Time now = parts_.clock.Now();
  const std::string code = crypto::RandomDigits(kCodeDigits);
  Challenge challenge{.id = RandomToken(kChallengeBytes),
                      .contact = *contact,
                      .create_time = now,
                      .expire_time = now + kCodeLifetime};
  challenge.code_hash = parts_.vault.CodeHash(challenge.id, code);
  std::string language;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const SentCodes sent,
                     parts_.store.CountCodes(transaction, *contact, now - kCodeWindow));
    const absl::Duration wait = WaitForCode(sent, now);
    if (wait > absl::ZeroDuration()) return TooManyCodes(wait);
    ASSIGN_OR_RETURN(const std::optional<std::string> locale, LocaleOf(transaction, *contact));
    language = locale.value_or(call.language());
    return parts_.store.AddChallenge(transaction, challenge);
  }));

  // Sent at once and not queued, so that the code is stored nowhere; a person who does not get the
  // code asks for another one.
  const auto say = [&](const Text& text) { return parts_.texts.Get(text, language); };
  const absl::Status sent =
      parts_.sender.Send({.id = parts_.ids.New(),
                          .to = *contact,
                          .subject = say("SIGN_IN_CODE_SUBJECT"),
                          .body = say({"SIGN_IN_CODE_BODY", {{"code", code}}}),
                          .create_time = now});
  if (!sent.ok()) return CodeNotSent();
  v1::SendCodeResponse response;
  response.set_challenge(challenge.id);
  *response.mutable_expire_time() = api::ToTimestamp(challenge.expire_time);
  return response;
}

absl::StatusOr<v1::SignInResponse> SignInCalls::SignIn(const rpc::Call& call,
                                                       const v1::SignInRequest& request,
                                                       Violations violations) {
  CheckSignIn(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return request.login().empty() ? SignInByCode(call, request) : SignInByPassword(request);
}

absl::StatusOr<v1::SignInResponse> SignInCalls::SignInByCode(const rpc::Call& call,
                                                             const v1::SignInRequest& request) {
  if (request.challenge().size() != kChallengeCharacters) return ChallengeExpired();
  absl::StatusOr<v1::SignInResponse> response = ChallengeExpired();
  // A wrong code must not roll back the try that it used, so the result is set beside the status.
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Challenge> challenge,
                     parts_.store.CountTry(transaction, request.challenge(), parts_.clock.Now()));
    response = ChallengeExpired();
    if (!challenge) return absl::OkStatus();
    const std::string hash = parts_.vault.CodeHash(challenge->id, request.code());
    if (!crypto::EqualInConstantTime(hash, challenge->code_hash)) {
      response = CodeWrong();
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(parts_.store.MarkUsed(transaction, challenge->id));
    ASSIGN_OR_RETURN(const std::string resident,
                     parts_.store.FindOrAddResident(
                         transaction, NewResident(challenge->contact, call.language())));
    ASSIGN_OR_RETURN(Account account, Load(transaction, ResidentName(resident)));
    response = Begin(transaction, std::move(account));
    return response.status();
  }));
  return response;
}

Resident SignInCalls::NewResident(const api::Contact& contact, const std::string& locale) const {
  const absl::Time now = parts_.clock.Now();
  return {.id = parts_.ids.New(),
          .profile = {.locale = locale},
          .contacts = {{.contact = contact, .confirm_time = now}},
          .consents = {{.purpose = std::string(kPersonalData), .grant_time = now}},
          .create_time = now};
}

absl::StatusOr<std::optional<std::string>> SignInCalls::LocaleOf(sql::Transaction& transaction,
                                                                 const api::Contact& contact) {
  ASSIGN_OR_RETURN(const std::optional<std::string> id,
                   parts_.store.FindResident(transaction, contact));
  if (!id) return std::nullopt;
  ASSIGN_OR_RETURN(const std::optional<Resident> resident,
                   parts_.store.GetResident(transaction, *id));
  if (!resident) return std::nullopt;
  return resident->profile.locale;
}

absl::StatusOr<v1::SignInResponse> SignInCalls::SignInByPassword(const v1::SignInRequest& request) {
  RETURN_IF_ERROR(AdmitGuess(request.login()));
  std::optional<Staff> staff;
  if (LoginProblem(request.login()).empty()) {
    RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(staff, parts_.store.FindStaff(transaction, request.login()));
      return absl::OkStatus();
    }));
  }
  ASSIGN_OR_RETURN(const bool fits,
                   parts_.passwords.Verify(request.password(), staff ? staff->password_hash : ""));
  if (!fits || staff->disabled) return LoginFailed();

  absl::StatusOr<v1::SignInResponse> response = LoginFailed();
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    // The account may have changed while the password was being verified.
    ASSIGN_OR_RETURN(const Staff now, parts_.store.UpdateStaff(transaction, staff->id, [](Staff&) {
      return absl::OkStatus();
    }));
    if (now.disabled || now.password_hash != staff->password_hash) return LoginFailed();
    RETURN_IF_ERROR(parts_.store.ForgetGuesses(transaction, request.login()));
    response = Begin(transaction, {PrincipalOf(now), now.profile.display_name});
    return response.status();
  }));
  return response;
}

absl::Status SignInCalls::AdmitGuess(absl::string_view login) {
  absl::Duration wait;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) {
    return parts_.store.UpdateGuesses(transaction, login, [&](Guesses& guesses) {
      const absl::Time now = parts_.clock.Now();
      wait = WaitForGuess(guesses, now);
      if (wait == absl::ZeroDuration()) CountGuess(guesses, now);
    });
  }));
  return wait == absl::ZeroDuration() ? absl::OkStatus() : TooManyAttempts(wait);
}

absl::StatusOr<v1::SignInResponse> SignInCalls::Refresh(const rpc::Call& call,
                                                        const v1::RefreshRequest& request) {
  const std::optional<std::string> id = tokens_.SessionOf(request.refresh_token());
  if (!id) return SessionEnded();
  const std::string hash = RefreshTokens::Hash(request.refresh_token());
  const std::string next_token = tokens_.Next(request.refresh_token());
  absl::StatusOr<v1::SignInResponse> response = SessionEnded();
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    response = SessionEnded();
    const absl::Time now = parts_.clock.Now();
    ASSIGN_OR_RETURN(std::optional<Session> session, parts_.store.GetSession(transaction, *id));
    if (!session || session->expire_time <= now) return absl::OkStatus();
    const Session next{.id = *id,
                       .token_hash = RefreshTokens::Hash(next_token),
                       .previous_hash = hash,
                       .rotate_time = now,
                       .expire_time = now + kRefreshLifetime};
    ASSIGN_OR_RETURN(const bool rotated, parts_.store.RotateSession(transaction, hash, next));
    if (!rotated) {
      // The token was rotated already: a moment ago by a concurrent call, or earlier.
      ASSIGN_OR_RETURN(session, parts_.store.GetSession(transaction, *id));
      if (!session) return absl::OkStatus();
      if (!InGrace(*session, hash, now)) return EndSession(transaction, *id);
    }
    absl::StatusOr<Account> account = Load(transaction, session->principal);
    if (absl::IsUnauthenticated(account.status())) {
      return EndSession(transaction, *id);
    }
    RETURN_IF_ERROR(account.status());
    response = Answer(*std::move(account), *id, next_token);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::SignOutResponse> SignInCalls::SignOut(const rpc::Call& call,
                                                         const v1::SignOutRequest& request) {
  const std::optional<std::string> id = tokens_.SessionOf(request.refresh_token());
  if (!id) return v1::SignOutResponse();
  RETURN_IF_ERROR(parts_.database.Write(
      [&](sql::Transaction& transaction) { return EndSession(transaction, *id); }));
  return v1::SignOutResponse();
}

absl::StatusOr<v1::KeySet> SignInCalls::GetKeys(const rpc::Call& call,
                                                const v1::GetKeysRequest& request) {
  return ToWire({parts_.signer.public_key()});
}

absl::StatusOr<v1::SignInResponse> SignInCalls::Begin(sql::Transaction& transaction,
                                                      Account account) {
  const absl::Time now = parts_.clock.Now();
  Session session{.id = parts_.ids.New(),
                  .principal = account.principal.name,
                  .rotate_time = now,
                  .expire_time = now + kRefreshLifetime};
  std::string token = tokens_.First(session.id);
  session.token_hash = RefreshTokens::Hash(token);
  RETURN_IF_ERROR(parts_.store.AddSession(transaction, session));
  return Answer(std::move(account), session.id, std::move(token));
}

absl::Status SignInCalls::EndSession(sql::Transaction& transaction, absl::string_view id) {
  transaction.OnCommit(parts_.on_session_ended);
  return parts_.store.EndSession(transaction, id, parts_.clock.Now());
}

absl::StatusOr<SignInCalls::Account> SignInCalls::Load(sql::Transaction& transaction,
                                                       absl::string_view principal) {
  if (absl::StartsWith(principal, "staff/")) {
    ASSIGN_OR_RETURN(const std::optional<Staff> staff,
                     parts_.store.GetStaff(transaction, StaffId(principal)));
    if (!staff || staff->disabled) return SessionEnded();
    return Account{PrincipalOf(*staff), staff->profile.display_name};
  }
  ASSIGN_OR_RETURN(const std::optional<Resident> resident,
                   parts_.store.GetResident(transaction, ResidentId(principal)));
  if (!resident || resident->guest) return SessionEnded();
  return Account{PrincipalOf(*resident), resident->profile.display_name};
}

v1::SignInResponse SignInCalls::Answer(Account account, absl::string_view session,
                                       std::string refresh_token) const {
  const absl::Time now = parts_.clock.Now();
  account.principal.session = std::string(session);
  v1::SignInResponse response;
  response.set_access_token(parts_.signer.Sign(account.principal, now));
  *response.mutable_expire_time() = api::ToTimestamp(now + auth::kAccessTokenLifetime);
  response.set_refresh_token(std::move(refresh_token));
  *response.mutable_principal() = ToWire(account.principal, account.display_name);
  return response;
}

}  // namespace veche::identity

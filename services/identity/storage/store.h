#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/identity/domain/account.h"
#include "services/identity/domain/eligibility.h"
#include "services/identity/domain/sign_in_rules.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// The tables of identity; this folder has the only SQL of the service. Each method is one step that
// must be atomic with what its caller does, so it runs in the caller's transaction; methods that
// only read accept a reading transaction. Arguments and results are plain: the store seals personal
// data before it writes and opens it after it reads. Every method may also return the errors of
// sql::Transaction, and DataLoss for a sealed value that the vault cannot open. Thread-safe.
//
// store_people.cc, store_eligibility.cc and store_sign_in.cc implement it. message_store.h has the
// queue of messages.
class Store {
 public:
  // `vault` must outlive the store.
  explicit Store(const Vault& vault) : vault_(vault) {}

  // --- Residents. ---

  // The id of the resident who confirmed `contact`; nullopt when nobody did.
  absl::StatusOr<std::optional<std::string>> FindResident(sql::Transaction& transaction,
                                                          const api::Contact& contact);
  // Adds a resident whose first contact is confirmed, unless a resident has that contact already.
  // Returns the id of the resident who has the contact now. Any number of calls at once add one
  // resident. REQUIRES: resident.contacts is not empty.
  absl::StatusOr<std::string> FindOrAddResident(sql::Transaction& transaction,
                                                const Resident& resident);
  // Adds a guest, unless an earlier call with the same `request` added one. Returns the id of the
  // guest of that request. An empty `request` always adds. REQUIRES: guest.contacts is not empty.
  absl::StatusOr<std::string> FindOrAddGuest(sql::Transaction& transaction, const Resident& guest,
                                             absl::string_view request);
  // Nullopt when there is no such resident or guest, or the person was erased.
  absl::StatusOr<std::optional<Resident>> GetResident(sql::Transaction& transaction,
                                                      absl::string_view id);
  // Locks the resident until the transaction ends, applies `change`, stores the profile and returns
  // the result. NotFound (ACCOUNT_NOT_FOUND), or the error of `change`; the caller must return
  // either, so that the transaction rolls back.
  absl::StatusOr<Resident> UpdateResident(sql::Transaction& transaction, absl::string_view id,
                                          absl::FunctionRef<absl::Status(Resident&)> change);

  // The ids of the first `limit` residents after the id `after` who belong to one of `districts` as
  // Standing::district says, ascending; of all residents when `districts` is empty. Without guests
  // and erased persons.
  absl::StatusOr<std::vector<std::string>> ListResidents(sql::Transaction& transaction,
                                                         absl::Span<const std::string> districts,
                                                         absl::string_view after, int limit);
  // The home districts of those of `residents` who have one, by id. Without guests and erased
  // persons.
  absl::StatusOr<std::map<std::string, std::string>> HomeDistricts(
      sql::Transaction& transaction, absl::Span<const std::string> residents);

  // --- What staff have seen of residents. ---

  // Replaces an earlier verification of the resident. NotFound (RESIDENT_NOT_FOUND) when there is
  // no such resident, as for a guest or an erased person.
  absl::Status Verify(sql::Transaction& transaction, const Verification& verification);
  // Does nothing to a resident who is not verified. Errors as of Verify.
  absl::Status Unverify(sql::Transaction& transaction, absl::string_view resident);
  // Nullopt when there is no such resident.
  absl::StatusOr<std::optional<Standing>> GetStanding(sql::Transaction& transaction,
                                                      absl::string_view resident);
  // The residents for whom ObstacleOf finds none: by district, without districts that have nobody.
  // Opens only the birth dates of one year.
  absl::StatusOr<DistrictCounts> CountEligible(sql::Transaction& transaction,
                                               const EligibilityRule& rule, absl::CivilDay today);
  absl::Status AddStaffAction(sql::Transaction& transaction, const StaffAction& action);

  // --- Staff. ---

  // False when another account has the login.
  absl::StatusOr<bool> AddStaff(sql::Transaction& transaction, const Staff& staff);
  absl::StatusOr<std::optional<Staff>> GetStaff(sql::Transaction& transaction,
                                                absl::string_view id);
  absl::StatusOr<std::optional<Staff>> FindStaff(sql::Transaction& transaction,
                                                 absl::string_view login);
  // At most `limit` accounts older than the account `before`, newest first; an empty `before`
  // starts with the newest account.
  absl::StatusOr<std::vector<Staff>> ListStaff(sql::Transaction& transaction,
                                               absl::string_view before, int limit);
  // Like UpdateResident; stores every field but id, login and create_time.
  absl::StatusOr<Staff> UpdateStaff(sql::Transaction& transaction, absl::string_view id,
                                    absl::FunctionRef<absl::Status(Staff&)> change);

  // --- One-time codes and password guesses. ---

  // The codes sent to `contact` after `since`. Locks the contact until the transaction ends, so
  // that two calls at once cannot both find room for the last code.
  absl::StatusOr<SentCodes> CountCodes(sql::Transaction& transaction, const api::Contact& contact,
                                       absl::Time since);
  absl::Status AddChallenge(sql::Transaction& transaction, const Challenge& challenge);
  // Counts one try of the challenge, to be called before the code is compared. Nullopt when the
  // challenge is unknown, expired, used, or has no tries left.
  absl::StatusOr<std::optional<Challenge>> CountTry(sql::Transaction& transaction,
                                                    absl::string_view id, absl::Time now);
  // Marks the challenge as used; CountTry returns nullopt from then on.
  // REQUIRES: CountTry in the same transaction.
  absl::Status MarkUsed(sql::Transaction& transaction, absl::string_view id);
  // Locks the guesses of `login`, whether an account has it or not, and applies `change`.
  absl::Status UpdateGuesses(sql::Transaction& transaction, absl::string_view login,
                             absl::FunctionRef<void(Guesses&)> change);
  absl::Status ForgetGuesses(sql::Transaction& transaction, absl::string_view login);

  // --- Sessions and signing keys. ---

  absl::Status AddSession(sql::Transaction& transaction, const Session& session);
  absl::StatusOr<std::optional<Session>> GetSession(sql::Transaction& transaction,
                                                    absl::string_view id);
  // Stores the hashes and times of `next` if the token hash of session next.id is still `hash`;
  // otherwise changes nothing and returns false.
  absl::StatusOr<bool> RotateSession(sql::Transaction& transaction, absl::string_view hash,
                                     const Session& next);
  // Deletes the session and notes its end for those who accept its access tokens.
  absl::Status EndSession(sql::Transaction& transaction, absl::string_view id, absl::Time now);
  // The same for every session of "residents/{id}" or "staff/{id}".
  absl::Status EndSessionsOf(sql::Transaction& transaction, absl::string_view principal,
                             absl::Time now);
  // The sessions that were ended after `since`, in the order of their ends. They are kept for
  // kKeepEndedSessions.
  absl::StatusOr<std::vector<EndedSession>> ListEndedSessions(sql::Transaction& transaction,
                                                              absl::Time since);

  // Whether a vault has sealed a signing key here. Static: the answer is needed to open the vault.
  static absl::StatusOr<bool> HasSigningKey(sql::Transaction& transaction);
  // PEMs of the signing keys, newest first. DataLoss when another master key sealed them.
  absl::StatusOr<std::vector<std::string>> ListSigningKeys(sql::Transaction& transaction);
  // Adds the first signing key; does nothing if there is one.
  absl::Status AddFirstSigningKey(sql::Transaction& transaction, absl::string_view pem);

  // --- Retention. ---

  // Deletes challenges and guesses older than two hours, and expired sessions; forgets which
  // sessions were ended.
  absl::Status Prune(sql::Transaction& transaction, absl::Time now);

 private:
  // The key that seals the resident's data; nullopt when there is none.
  absl::StatusOr<std::optional<ResidentKey>> KeyOf(sql::Transaction& transaction,
                                                   absl::string_view resident);
  // Writes the resident's row, key and consents, without contacts. Does nothing if a guest of the
  // same `request` exists.
  absl::Status InsertResident(sql::Transaction& transaction, const Resident& resident,
                              absl::string_view wrapped_key, std::optional<std::string> request);
  absl::StatusOr<std::vector<ContactOfResident>> ContactsOf(sql::Transaction& transaction,
                                                            absl::string_view resident,
                                                            const ResidentKey& key);

  const Vault& vault_;
};

}  // namespace veche::identity

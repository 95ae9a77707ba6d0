#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/identity/domain/account.h"
#include "services/identity/domain/sign_in_rules.h"
#include "services/identity/workers/outbox.h"

namespace veche::identity {

// A message that waits to be sent.
struct QueuedMessage {
  std::string id;
  std::string request;   // unique: who asked and with which request id
  std::string resident;  // id of the recipient
  std::string subject;
  std::string body;
  absl::Time create_time;
};

// Where identity keeps people. Every function works inside the caller's transaction, so that a
// handler decides what is atomic; reading ones may be given a reading transaction. Personal data
// goes in and comes out plain: sealing it is the store's business. Besides what each says, they
// give the errors of sql::Transaction. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // --- Residents. ---

  // Id of the resident who confirmed this contact.
  virtual absl::StatusOr<std::optional<std::string>> FindResident(sql::Transaction& transaction,
                                                                  const Contact& contact) = 0;
  // Adds a resident whose first contact is confirmed, unless somebody has that contact: returns the
  // id of who has it now. However many do it at once, one resident comes of it.
  virtual absl::StatusOr<std::string> FindOrAddResident(sql::Transaction& transaction,
                                                        const Resident& resident) = 0;
  // Adds a guest unless `request` (unless empty) made one before: returns the id of that one.
  virtual absl::StatusOr<std::string> FindOrAddGuest(sql::Transaction& transaction,
                                                     const Resident& guest,
                                                     absl::string_view request) = 0;
  // Nullopt when there is none, or was erased.
  virtual absl::StatusOr<std::optional<Resident>> GetResident(sql::Transaction& transaction,
                                                              absl::string_view id) = 0;
  // Applies `change` to the profile; nobody else changes the resident meanwhile. Returns the
  // result. NotFound when there is none; otherwise `change`'s error, which the caller returns too.
  virtual absl::StatusOr<Resident> UpdateResident(
      sql::Transaction& transaction, absl::string_view id,
      absl::FunctionRef<absl::Status(Resident&)> change) = 0;

  // --- Staff. ---

  // False when the login is taken.
  virtual absl::StatusOr<bool> AddStaff(sql::Transaction& transaction, const Staff& staff) = 0;
  virtual absl::StatusOr<std::optional<Staff>> GetStaff(sql::Transaction& transaction,
                                                        absl::string_view id) = 0;
  virtual absl::StatusOr<std::optional<Staff>> FindStaff(sql::Transaction& transaction,
                                                         absl::string_view login) = 0;
  // Newest first, from before the account `before` ("": from the newest).
  virtual absl::StatusOr<std::vector<Staff>> ListStaff(sql::Transaction& transaction,
                                                       absl::string_view before, int limit) = 0;
  // As UpdateResident, for everything but id, login and create time.
  virtual absl::StatusOr<Staff> UpdateStaff(sql::Transaction& transaction, absl::string_view id,
                                            absl::FunctionRef<absl::Status(Staff&)> change) = 0;

  // --- Codes and guesses. ---

  // Codes sent to the contact since `since`. Until the transaction ends nobody else counts them.
  virtual absl::StatusOr<SentCodes> CountCodes(sql::Transaction& transaction,
                                               const Contact& contact, absl::Time since) = 0;
  virtual absl::Status AddChallenge(sql::Transaction& transaction, const Challenge& challenge) = 0;
  // Takes one of the challenge's tries, before anything is compared. Nullopt when it is unknown,
  // expired, used, or has no tries left.
  virtual absl::StatusOr<std::optional<Challenge>> TakeTry(sql::Transaction& transaction,
                                                           absl::string_view id,
                                                           absl::Time now) = 0;
  // No further try is given. REQUIRES: TakeTry in this transaction.
  virtual absl::Status UseChallenge(sql::Transaction& transaction, absl::string_view id) = 0;
  // Applies `change` to the guesses for a login, known or not; nobody else does meanwhile.
  virtual absl::Status UpdateGuesses(sql::Transaction& transaction, absl::string_view login,
                                     absl::FunctionRef<void(Guesses&)> change) = 0;
  virtual absl::Status ForgetGuesses(sql::Transaction& transaction, absl::string_view login) = 0;

  // --- Sessions and keys. ---

  virtual absl::Status AddSession(sql::Transaction& transaction, const Session& session) = 0;
  virtual absl::StatusOr<std::optional<Session>> GetSession(sql::Transaction& transaction,
                                                            absl::string_view id) = 0;
  // Stores `next`'s hashes and times if the session's token is still `hash`; false otherwise.
  virtual absl::StatusOr<bool> RotateSession(sql::Transaction& transaction, absl::string_view hash,
                                             const Session& next) = 0;
  virtual absl::Status EndSession(sql::Transaction& transaction, absl::string_view id) = 0;
  virtual absl::Status EndSessionsOf(sql::Transaction& transaction,
                                     absl::string_view principal) = 0;
  // PEMs of the signing keys, newest first. DataLoss when another master key sealed them.
  virtual absl::StatusOr<std::vector<std::string>> ListSigningKeys(
      sql::Transaction& transaction) = 0;
  // Adds the first signing key; does nothing when another replica was faster.
  virtual absl::Status AddFirstSigningKey(sql::Transaction& transaction, absl::string_view pem) = 0;

  // --- Messages. ---

  // Queues a message unless its request did before: returns the resident of that one.
  // NotFound when the resident has no key (unknown or erased).
  virtual absl::StatusOr<std::string> FindOrAddMessage(sql::Transaction& transaction,
                                                       const QueuedMessage& message) = 0;
  // Takes up to `limit` messages that are due and puts each off until it is its turn again, should
  // it not be sent; two workers never take the same one at once. Messages to erased people are
  // dropped.
  virtual absl::StatusOr<std::vector<OutgoingMessage>> ClaimMessages(sql::Transaction& transaction,
                                                                     absl::Time now, int limit) = 0;
  // Forgets the message's text, keeps its request.
  virtual absl::Status MarkSent(sql::Transaction& transaction, absl::string_view id,
                                absl::Time now) = 0;

  // Deletes what has outlived its purpose: old challenges, guesses, expired sessions, requests of
  // messages that were sent a month ago.
  virtual absl::Status Prune(sql::Transaction& transaction, absl::Time now) = 0;
};

}  // namespace veche::identity

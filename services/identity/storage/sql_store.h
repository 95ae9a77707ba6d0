#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/identity/storage/store.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// The store in SQL, for both engines. Its functions are in three files by what they keep:
// sql_store_people.cc, sql_store_sign_in.cc and sql_store_messages.cc.
class SqlStore final : public Store {
 public:
  // `vault` must outlive it.
  explicit SqlStore(const Vault& vault) : vault_(vault) {}

  // Whether some vault has already sealed something here; asked before there is a vault.
  static absl::StatusOr<bool> HasSigningKey(sql::Transaction& transaction);

  absl::StatusOr<std::optional<std::string>> FindResident(sql::Transaction& transaction,
                                                          const Contact& contact) override;
  absl::StatusOr<std::string> FindOrAddResident(sql::Transaction& transaction,
                                                const Resident& resident) override;
  absl::StatusOr<std::string> FindOrAddGuest(sql::Transaction& transaction, const Resident& guest,
                                             absl::string_view request) override;
  absl::StatusOr<std::optional<Resident>> GetResident(sql::Transaction& transaction,
                                                      absl::string_view id) override;
  absl::StatusOr<Resident> UpdateResident(
      sql::Transaction& transaction, absl::string_view id,
      absl::FunctionRef<absl::Status(Resident&)> change) override;

  absl::StatusOr<bool> AddStaff(sql::Transaction& transaction, const Staff& staff) override;
  absl::StatusOr<std::optional<Staff>> GetStaff(sql::Transaction& transaction,
                                                absl::string_view id) override;
  absl::StatusOr<std::optional<Staff>> FindStaff(sql::Transaction& transaction,
                                                 absl::string_view login) override;
  absl::StatusOr<std::vector<Staff>> ListStaff(sql::Transaction& transaction,
                                               absl::string_view before, int limit) override;
  absl::StatusOr<Staff> UpdateStaff(sql::Transaction& transaction, absl::string_view id,
                                    absl::FunctionRef<absl::Status(Staff&)> change) override;

  absl::StatusOr<SentCodes> CountCodes(sql::Transaction& transaction, const Contact& contact,
                                       absl::Time since) override;
  absl::Status AddChallenge(sql::Transaction& transaction, const Challenge& challenge) override;
  absl::StatusOr<std::optional<Challenge>> TakeTry(sql::Transaction& transaction,
                                                   absl::string_view id, absl::Time now) override;
  absl::Status UseChallenge(sql::Transaction& transaction, absl::string_view id) override;
  absl::Status UpdateGuesses(sql::Transaction& transaction, absl::string_view login,
                             absl::FunctionRef<void(Guesses&)> change) override;
  absl::Status ForgetGuesses(sql::Transaction& transaction, absl::string_view login) override;

  absl::Status AddSession(sql::Transaction& transaction, const Session& session) override;
  absl::StatusOr<std::optional<Session>> GetSession(sql::Transaction& transaction,
                                                    absl::string_view id) override;
  absl::StatusOr<bool> RotateSession(sql::Transaction& transaction, absl::string_view hash,
                                     const Session& next) override;
  absl::Status EndSession(sql::Transaction& transaction, absl::string_view id) override;
  absl::Status EndSessionsOf(sql::Transaction& transaction, absl::string_view principal) override;
  absl::StatusOr<std::vector<std::string>> ListSigningKeys(sql::Transaction& transaction) override;
  absl::Status AddFirstSigningKey(sql::Transaction& transaction, absl::string_view pem) override;

  absl::StatusOr<std::string> FindOrAddMessage(sql::Transaction& transaction,
                                               const QueuedMessage& message) override;
  absl::StatusOr<std::vector<OutgoingMessage>> ClaimMessages(sql::Transaction& transaction,
                                                             absl::Time now, int limit) override;
  absl::Status MarkSent(sql::Transaction& transaction, absl::string_view id,
                        absl::Time now) override;
  absl::Status Prune(sql::Transaction& transaction, absl::Time now) override;

 private:
  // The resident's key; nullopt when there is none.
  absl::StatusOr<std::optional<ResidentKey>> KeyOf(sql::Transaction& transaction,
                                                   absl::string_view resident);
  // Writes the resident's row and key, without contacts.
  absl::Status InsertResident(sql::Transaction& transaction, const Resident& resident,
                              absl::string_view wrapped_key, std::optional<std::string> request);
  absl::StatusOr<std::vector<ContactOfResident>> ContactsOf(sql::Transaction& transaction,
                                                            absl::string_view resident,
                                                            const ResidentKey& key);

  const Vault& vault_;
};

}  // namespace veche::identity

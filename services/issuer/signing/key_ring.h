#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/blind_rsa/keys.h"
#include "common/sql/database.h"
#include "services/issuer/domain/poll.h"
#include "services/issuer/storage/store.h"
#include "services/issuer/vault/key_vault.h"

namespace veche::issuer {

// The private keys of the polls of this moment, opened once and kept in memory, because opening a
// key takes a share of a signature. Thread-safe.
class KeyRing {
 public:
  struct OpenKey {
    Poll poll;
    blind_rsa::PrivateKey key;
  };

  // All must outlive it.
  KeyRing(sql::Database& database, Store& store, const KeyVault& vault)
      : database_(database), store_(store), vault_(vault) {}

  // NotFound (POLL_KEY_NOT_FOUND); FailedPrecondition (POLL_CLOSED) when the key is destroyed. A
  // key that another replica destroyed may be returned until KeepOnly: the store decides when the
  // credential is added.
  absl::StatusOr<std::shared_ptr<const OpenKey>> Get(absl::string_view poll);
  // Takes a destroyed key out of memory.
  void Forget(absl::string_view poll);
  // Forgets the keys of all other polls.
  void KeepOnly(const std::set<std::string, std::less<>>& polls);

 private:
  sql::Database& database_;
  Store& store_;
  const KeyVault& vault_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const OpenKey>> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::issuer

#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/blind_rsa/keys.h"
#include "common/crypto/evp_key.h"

namespace veche::issuer {

// Seals private keys for the database with the issuer's master key, which is in a file outside of
// the database. Thread-safe.
class KeyVault {
 public:
  // REQUIRES: master_key.size() == crypto::kSealKeyBytes.
  explicit KeyVault(absl::string_view master_key);

  // With the key of crypto::OpenMasterKey, and its errors.
  static absl::StatusOr<KeyVault> Open(const std::filesystem::path& file, bool may_create);

  std::string SealPollKey(absl::string_view poll, const blind_rsa::PrivateKey& key) const;
  // DataLoss when another master key sealed it, or for another poll.
  absl::StatusOr<blind_rsa::PrivateKey> OpenPollKey(absl::string_view poll,
                                                    absl::string_view sealed) const;

  // The Ed25519 key of the issuer's statements.
  std::string SealStatementKey(const EVP_PKEY& key) const;
  absl::StatusOr<crypto::EvpKey> OpenStatementKey(absl::string_view sealed) const;

 private:
  std::string seal_key_;
};

}  // namespace veche::issuer

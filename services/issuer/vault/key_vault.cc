#include "services/issuer/vault/key_vault.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/master_key.h"
#include "common/crypto/seal.h"
#include "common/crypto/secret.h"

namespace veche::issuer {
namespace {

constexpr absl::string_view kStatementKey = "statement_key";

std::string ContextOf(absl::string_view poll) { return absl::StrCat("poll_key/", poll); }

absl::StatusOr<crypto::Secret> Unseal(absl::string_view key, absl::string_view sealed,
                                      absl::string_view context) {
  ASSIGN_OR_RETURN(std::string plain, crypto::Unseal(key, sealed, context));
  return crypto::Secret(std::move(plain));
}

}  // namespace

KeyVault::KeyVault(absl::string_view master_key)
    : seal_key_(crypto::DeriveKey(master_key, "veche/issuer/v1/seal")) {}

absl::StatusOr<KeyVault> KeyVault::Open(const std::filesystem::path& file, bool may_create) {
  ASSIGN_OR_RETURN(std::string key, crypto::OpenMasterKey(file, may_create));
  const crypto::Secret master_key(std::move(key));
  return KeyVault(master_key.view());
}

std::string KeyVault::SealPollKey(absl::string_view poll, const blind_rsa::PrivateKey& key) const {
  return crypto::Seal(seal_key_, key.ToPkcs8().view(), ContextOf(poll));
}

absl::StatusOr<blind_rsa::PrivateKey> KeyVault::OpenPollKey(absl::string_view poll,
                                                            absl::string_view sealed) const {
  ASSIGN_OR_RETURN(const crypto::Secret plain, Unseal(seal_key_, sealed, ContextOf(poll)));
  return blind_rsa::PrivateKey::FromPkcs8(plain.view());
}

std::string KeyVault::SealStatementKey(const EVP_PKEY& key) const {
  const crypto::Secret pem(crypto::Ed25519ToPem(key));
  return crypto::Seal(seal_key_, pem.view(), kStatementKey);
}

absl::StatusOr<crypto::EvpKey> KeyVault::OpenStatementKey(absl::string_view sealed) const {
  ASSIGN_OR_RETURN(const crypto::Secret pem, Unseal(seal_key_, sealed, kStatementKey));
  return crypto::Ed25519FromPem(pem.view());
}

}  // namespace veche::issuer

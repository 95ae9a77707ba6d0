#include "services/identity/vault/vault.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/hmac.h"
#include "common/crypto/master_key.h"
#include "common/crypto/random.h"
#include "common/crypto/seal.h"

namespace veche::identity {
namespace {

std::string Derive(absl::string_view master_key, absl::string_view use) {
  return crypto::DeriveKey(master_key, absl::StrCat("veche/identity/v1/", use));
}

}  // namespace

std::string ResidentKey::Seal(absl::string_view plain, absl::string_view field) const {
  return crypto::Seal(key_, plain, field);
}

absl::StatusOr<std::string> ResidentKey::Unseal(absl::string_view sealed,
                                                absl::string_view field) const {
  return crypto::Unseal(key_, sealed, field);
}

Vault::Vault(absl::string_view master_key)
    : lookup_key_(Derive(master_key, "lookup")),
      code_key_(Derive(master_key, "code")),
      token_key_(Derive(master_key, "token")),
      seal_key_(Derive(master_key, "seal")),
      wrap_key_(Derive(master_key, "wrap")) {}

absl::StatusOr<Vault> Vault::Open(const std::filesystem::path& file, bool may_create) {
  ASSIGN_OR_RETURN(const std::string key, crypto::OpenMasterKey(file, may_create));
  return Vault(key);
}

std::string Vault::ContactLookup(const api::Contact& contact) const {
  return absl::BytesToHexString(
      crypto::HmacSha256(lookup_key_, absl::StrCat("contact\n", contact.value)));
}

std::string Vault::LoginLookup(absl::string_view login) const {
  return absl::BytesToHexString(crypto::HmacSha256(lookup_key_, absl::StrCat("login\n", login)));
}

std::string Vault::CodeHash(absl::string_view challenge, absl::string_view code) const {
  return crypto::HmacSha256(code_key_, absl::StrCat(challenge, "\n", code));
}

std::string Vault::TokenMac(absl::string_view message) const {
  return crypto::HmacSha256(token_key_, message);
}

std::string Vault::Seal(absl::string_view plain, absl::string_view context) const {
  return crypto::Seal(seal_key_, plain, context);
}

absl::StatusOr<std::string> Vault::Unseal(absl::string_view sealed,
                                          absl::string_view context) const {
  return crypto::Unseal(seal_key_, sealed, context);
}

std::string Vault::NewWrappedKey(absl::string_view resident) const {
  return crypto::Seal(wrap_key_, crypto::RandomBytes(crypto::kSealKeyBytes), resident);
}

absl::StatusOr<ResidentKey> Vault::Unwrap(absl::string_view resident,
                                          absl::string_view wrapped) const {
  ASSIGN_OR_RETURN(std::string key, crypto::Unseal(wrap_key_, wrapped, resident));
  return ResidentKey(std::move(key));
}

}  // namespace veche::identity

#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/api/contact.h"

namespace veche::identity {

// The key of one resident. When the key is destroyed, nobody can open what it sealed.
class ResidentKey {
 public:
  explicit ResidentKey(std::string key) : key_(std::move(key)) {}
  // `field` names what is sealed, such as "contact".
  std::string Seal(absl::string_view plain, absl::string_view field) const;
  absl::StatusOr<std::string> Unseal(absl::string_view sealed, absl::string_view field) const;

 private:
  std::string key_;
};

// Everything that needs the installation's master key. The key is in a file outside of the
// database; every use has its own key, derived from the master key. Thread-safe.
class Vault {
 public:
  // REQUIRES: master_key.size() == crypto::kSealKeyBytes.
  explicit Vault(absl::string_view master_key);

  // With the key of crypto::OpenMasterKey, and its errors.
  static absl::StatusOr<Vault> Open(const std::filesystem::path& file, bool may_create);

  // The keyed hash by which a contact is found in the tables, in hexadecimal.
  std::string ContactLookup(const api::Contact& contact) const;
  // The same for a login that a person tries, whether an account has it or not.
  std::string LoginLookup(absl::string_view login) const;
  // The keyed hash in which a one-time code is stored.
  std::string CodeHash(absl::string_view challenge, absl::string_view code) const;
  // The keyed hash of refresh tokens.
  std::string TokenMac(absl::string_view message) const;

  // For secrets of the installation and for values that live a few minutes. `context` is that of
  // crypto::Seal.
  std::string Seal(absl::string_view plain, absl::string_view context) const;
  absl::StatusOr<std::string> Unseal(absl::string_view sealed, absl::string_view context) const;

  // A new key for a resident, encrypted, as it is stored.
  std::string NewWrappedKey(absl::string_view resident) const;
  // DataLoss when `wrapped` is the key of another resident or of another installation.
  absl::StatusOr<ResidentKey> Unwrap(absl::string_view resident, absl::string_view wrapped) const;

 private:
  std::string lookup_key_;
  std::string code_key_;
  std::string token_key_;
  std::string seal_key_;
  std::string wrap_key_;
};

}  // namespace veche::identity

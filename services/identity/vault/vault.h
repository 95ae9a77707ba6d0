#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/identity/domain/contact.h"

namespace veche::identity {

// A resident's own key: what it sealed is gone for ever when the key is.
class ResidentKey {
 public:
  explicit ResidentKey(std::string key) : key_(std::move(key)) {}
  // `field` names what is sealed: "contact".
  std::string Seal(absl::string_view plain, absl::string_view field) const;
  absl::StatusOr<std::string> Unseal(absl::string_view sealed, absl::string_view field) const;

 private:
  std::string key_;
};

// All that is done with the installation's master key. The key lives in a file outside of the
// database; every use has a key of its own derived from it. Thread-safe.
class Vault {
 public:
  // REQUIRES: kKeyBytes bytes.
  explicit Vault(absl::string_view master_key);

  // Reads the key from `file` (base64, 0600), or makes it there when `may_create`. NotFound when it
  // is not there; FailedPrecondition when it is no key or others may read it.
  static absl::StatusOr<Vault> Open(const std::filesystem::path& file, bool may_create);

  // What a contact is looked up by, without the tables telling it: a keyed hash in hexadecimal.
  std::string ContactLookup(const Contact& contact) const;
  // The same for a login that somebody tries, known or not.
  std::string LoginLookup(absl::string_view login) const;
  // How a one-time code is kept.
  std::string CodeHash(absl::string_view challenge, absl::string_view code) const;
  // Keyed hash for refresh tokens.
  std::string TokenMac(absl::string_view message) const;

  // For what belongs to the installation and for what lives a few minutes. `context` as in
  // crypto.h.
  std::string Seal(absl::string_view plain, absl::string_view context) const;
  absl::StatusOr<std::string> Unseal(absl::string_view sealed, absl::string_view context) const;

  // A new key for a resident, as it is stored.
  std::string NewWrappedKey(absl::string_view resident) const;
  // DataLoss when it is not this resident's, or of another installation.
  absl::StatusOr<ResidentKey> Unwrap(absl::string_view resident, absl::string_view wrapped) const;

 private:
  std::string lookup_key_;
  std::string code_key_;
  std::string token_key_;
  std::string seal_key_;
  std::string wrap_key_;
};

}  // namespace veche::identity

#include "services/identity/vault/vault.h"

#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "services/identity/vault/crypto.h"

namespace veche::identity {
namespace {

namespace fs = std::filesystem;

std::string Derive(absl::string_view master_key, absl::string_view use) {
  return HmacSha256(master_key, absl::StrCat("veche/identity/v1/", use));
}

absl::StatusOr<std::string> ReadKey(const fs::path& file) {
  std::error_code error;
  const fs::perms others =
      fs::status(file, error).permissions() & (fs::perms::group_all | fs::perms::others_all);
  if (error || others != fs::perms::none) {
    return absl::FailedPreconditionError(absl::StrCat(
        file.string(), " must be readable by its owner alone. Run: chmod 600 ", file.string()));
  }
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  std::string key;
  if (!absl::Base64Unescape(absl::StripAsciiWhitespace(content.str()), &key) ||
      key.size() != kKeyBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat(file.string(), " does not hold a key of 32 bytes in base64."));
  }
  return key;
}

}  // namespace

std::string ResidentKey::Seal(absl::string_view plain, absl::string_view field) const {
  return identity::Seal(key_, plain, field);
}

absl::StatusOr<std::string> ResidentKey::Unseal(absl::string_view sealed,
                                                absl::string_view field) const {
  return identity::Unseal(key_, sealed, field);
}

Vault::Vault(absl::string_view master_key)
    : lookup_key_(Derive(master_key, "lookup")),
      code_key_(Derive(master_key, "code")),
      token_key_(Derive(master_key, "token")),
      seal_key_(Derive(master_key, "seal")),
      wrap_key_(Derive(master_key, "wrap")) {}

absl::StatusOr<Vault> Vault::Open(const fs::path& file, bool may_create) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (!may_create) {
      return absl::NotFoundError(absl::StrCat(
          file.string(), " is missing, but this database was made with it. Put it back."));
    }
    const std::string text = absl::Base64Escape(RandomBytes(kKeyBytes));
    RETURN_IF_ERROR(WriteDurably(file, absl::StrCat(text, "\n")));
  }
  ASSIGN_OR_RETURN(const std::string key, ReadKey(file));
  return Vault(key);
}

std::string Vault::ContactLookup(const api::Contact& contact) const {
  return absl::BytesToHexString(HmacSha256(lookup_key_, absl::StrCat("contact\n", contact.value)));
}

std::string Vault::LoginLookup(absl::string_view login) const {
  return absl::BytesToHexString(HmacSha256(lookup_key_, absl::StrCat("login\n", login)));
}

std::string Vault::CodeHash(absl::string_view challenge, absl::string_view code) const {
  return HmacSha256(code_key_, absl::StrCat(challenge, "\n", code));
}

std::string Vault::TokenMac(absl::string_view message) const {
  return HmacSha256(token_key_, message);
}

std::string Vault::Seal(absl::string_view plain, absl::string_view context) const {
  return identity::Seal(seal_key_, plain, context);
}

absl::StatusOr<std::string> Vault::Unseal(absl::string_view sealed,
                                          absl::string_view context) const {
  return identity::Unseal(seal_key_, sealed, context);
}

std::string Vault::NewWrappedKey(absl::string_view resident) const {
  return identity::Seal(wrap_key_, RandomBytes(kKeyBytes), resident);
}

absl::StatusOr<ResidentKey> Vault::Unwrap(absl::string_view resident,
                                          absl::string_view wrapped) const {
  ASSIGN_OR_RETURN(std::string key, identity::Unseal(wrap_key_, wrapped, resident));
  return ResidentKey(std::move(key));
}

}  // namespace veche::identity

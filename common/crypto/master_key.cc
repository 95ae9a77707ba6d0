#include "common/crypto/master_key.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "common/crypto/hmac.h"
#include "common/crypto/random.h"
#include "common/crypto/seal.h"

namespace veche::crypto {
namespace {

namespace fs = std::filesystem;

// A file of root may be readable by a group, which is how Kubernetes gives secrets to a process
// that is not root.
bool IsPrivate(const fs::path& file) {
  struct stat found = {};
  if (stat(file.c_str(), &found) != 0) return false;
  const mode_t forbidden = found.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  return (found.st_mode & forbidden) == 0;
}

absl::StatusOr<std::string> ReadKey(const fs::path& file) {
  if (!IsPrivate(file)) {
    return absl::FailedPreconditionError(
        absl::StrCat(file.string(), " must be readable by its owner alone. Run: chmod 600 ",
                     file.string(), ". A file of root may be readable by its group too (640)."));
  }
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  std::string key;
  if (!absl::Base64Unescape(absl::StripAsciiWhitespace(content.str()), &key) ||
      key.size() != kSealKeyBytes) {
    return absl::FailedPreconditionError(
        absl::StrCat(file.string(), " does not hold a key of 32 bytes in base64."));
  }
  return key;
}

}  // namespace

absl::StatusOr<std::string> OpenMasterKey(const fs::path& file, bool may_create) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (!may_create) {
      return absl::NotFoundError(absl::StrCat(
          file.string(), " is missing, but this database was made with it. Put it back."));
    }
    const std::string text = absl::Base64Escape(RandomBytes(kSealKeyBytes));
    RETURN_IF_ERROR(WriteDurablyOnce(file, absl::StrCat(text, "\n")));
  }
  return ReadKey(file);
}

std::string DeriveKey(absl::string_view master_key, absl::string_view use) {
  return HmacSha256(master_key, use);
}

}  // namespace veche::crypto

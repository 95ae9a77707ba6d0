#include "services/polling/board/board_key.h"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"

namespace veche::polling {

absl::StatusOr<crypto::EvpKey> LoadBoardKey(const std::filesystem::path& file, bool may_create) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (!may_create) {
      return absl::FailedPreconditionError(absl::StrCat(
          file.string(), " is missing, but this database has boards signed with it. Put it back."));
    }
    const crypto::EvpKey key = crypto::GenerateEd25519();
    RETURN_IF_ERROR(WriteDurablyOnce(file, crypto::Ed25519ToPem(*key)));
  }
  std::ifstream stream(file);
  const std::string pem{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  absl::StatusOr<crypto::EvpKey> key = crypto::Ed25519FromPem(pem);
  if (key.ok()) return key;
  return absl::FailedPreconditionError(
      absl::StrCat(file.string(), " holds no Ed25519 private key in PEM."));
}

}  // namespace veche::polling

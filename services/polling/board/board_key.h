#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "common/crypto/evp_key.h"

namespace veche::polling {

// The Ed25519 key that signs the boards' heads, a PEM file. Creates the file if it is missing and
// `may_create`; FailedPrecondition when the file is missing or holds no such key.
absl::StatusOr<crypto::EvpKey> LoadBoardKey(const std::filesystem::path& file, bool may_create);

}  // namespace veche::polling

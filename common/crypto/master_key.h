#pragma once

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::crypto {

// The master key of a service: 32 bytes in a file outside of its database. Reads the key from
// `file` (base64, 0600, or 0640 of root); creates the file if it is missing and `may_create` is
// set, which must not be while the database holds values that the missing key sealed. NotFound when
// it is missing; FailedPrecondition when it holds no key, or when others than its owner may read
// it; a file of root may be readable by a group.
absl::StatusOr<std::string> OpenMasterKey(const std::filesystem::path& file, bool may_create);

// A key for one use, such as "veche/identity/v1/seal".
std::string DeriveKey(absl::string_view master_key, absl::string_view use);

}  // namespace veche::crypto

#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Keys of blobs: the SHA-256 of the content in hexadecimal, in a bucket followed by "-" and a token
// that makes the key unique. Both stores take both forms, so that files keep their keys when they
// are copied from one store to the other.

namespace veche::blob {

// A valid key contains no slash and no dot, so its path never leaves the folder or the prefix.
bool IsKey(absl::string_view key);
// A new key of this content.
std::string UniqueKey(absl::string_view sha256);
// The SHA-256 in a valid key.
absl::string_view Sha256Of(absl::string_view key);

// The errors of stores. Their messages contain neither paths nor addresses.
absl::Status BlobNotFound();
absl::Status StorageUnavailable();
absl::Status DiskFull();
// The content does not have the SHA-256 of its key.
absl::Status BlobDamaged();

}  // namespace veche::blob

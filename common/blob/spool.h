#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/sha256.h"

// Private to the stores.

namespace veche::blob {

// The status of a system call that failed with this errno: DISK_FULL or STORAGE_UNAVAILABLE. The
// message does not contain the path.
absl::Status StorageError(int error_number);

// A file on its way into a store: its bytes in a temporary file on the disk, because the key, the
// hash of the content, is known at the end only, and because Patch changes what was appended
// before. After an error every call returns that error. Not thread-safe.
class Spool {
 public:
  // Takes over the open file, which is empty and can be read and written.
  Spool(int file, int64_t max_bytes) : file_(file), max_bytes_(max_bytes) {}
  Spool(const Spool&) = delete;
  ~Spool();

  // As in Writer.
  absl::Status Append(absl::string_view bytes);
  absl::Status Patch(int64_t offset, absl::string_view bytes);
  int64_t size_bytes() const { return size_; }

  // The SHA-256 of the content, in hexadecimal. Call it once, after all writing.
  absl::StatusOr<std::string> Finish();
  // `size` bytes from `offset` on, all of which were appended.
  absl::StatusOr<std::string> ReadAt(int64_t offset, int64_t size) const;
  // Makes the error permanent, and returns it.
  absl::Status Fail(absl::Status status);

  const absl::Status& status() const { return status_; }
  int file() const { return file_; }

 private:
  absl::Status WriteAt(int64_t offset, absl::string_view bytes);
  absl::StatusOr<std::string> DigestAgain() const;

  const int file_;
  const int64_t max_bytes_;
  int64_t size_ = 0;
  bool patched_ = false;
  crypto::Sha256Digest digest_;
  absl::Status status_;
};

}  // namespace veche::blob

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Files that are too large for a database, streamed in and out. A blob never changes. Its key
// begins with the SHA-256 of its content.

namespace veche::blob {

struct Blob {
  std::string key;  // opaque, URL-safe, at most 80 characters
  int64_t size_bytes = 0;
  std::string sha256;  // hexadecimal
};

// Writes one file piece by piece. A writer that is destroyed without Commit stores nothing. After
// an error every call returns that error. Not thread-safe.
class Writer {
 public:
  virtual ~Writer() = default;
  // ResourceExhausted with reason FILE_TOO_LARGE when the file would exceed its limit, DISK_FULL
  // when the storage is full; Unavailable (STORAGE_UNAVAILABLE) when the storage fails. Patch and
  // Commit return the last two errors too.
  virtual absl::Status Append(absl::string_view bytes) = 0;
  // Overwrites appended bytes from `offset` on; for formats whose header contains the size.
  // REQUIRES: all these bytes were appended before (else Internal).
  virtual absl::Status Patch(int64_t offset, absl::string_view bytes) = 0;
  // Makes the file durable and returns its key. REQUIRES: called once, after all other calls.
  virtual absl::StatusOr<Blob> Commit() = 0;

  virtual int64_t size_bytes() const = 0;  // appended so far
};

// Reads one file piece by piece. When the blob is deleted meanwhile, a folder is read to its end
// all the same, a bucket to the end of the megabyte. Not thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual int64_t size_bytes() const = 0;
  // The next bytes, at most `limit`, possibly fewer; empty only at the end. Unavailable when the
  // storage fails. A bucket is verified: DataLoss (BLOB_DAMAGED) instead of the last bytes when the
  // content is not the one that was stored.
  virtual absl::StatusOr<std::string> Read(size_t limit) = 0;
};

// Stores blobs: in a folder (OpenFolder) or in a bucket (s3.h). Must outlive its writers and
// readers. All calls return Unavailable when the storage fails. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // Starts a file of at most `max_bytes`. ResourceExhausted (DISK_FULL) when the storage is full.
  virtual absl::StatusOr<std::unique_ptr<Writer>> Create(int64_t max_bytes) = 0;

  // Starts a copy of a blob of another store; its key there becomes its key here. Commit replaces a
  // blob of this key, or returns DataLoss (BLOB_DAMAGED) when the content is not the key's.
  // NotFound for a malformed key.
  virtual absl::StatusOr<std::unique_ptr<Writer>> CreateCopy(absl::string_view key,
                                                             int64_t max_bytes) = 0;

  // NotFound with reason BLOB_NOT_FOUND when there is no such blob.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Open(absl::string_view key) = 0;

  // Calls `visit` with the key of each blob that was last committed before `before`, in no
  // particular order, until `visit` returns false. The caller then deletes the blobs that nothing
  // refers to: uploads that were never attached.
  virtual absl::Status ForEachOlder(absl::Time before,
                                    absl::FunctionRef<bool(absl::string_view key)> visit) = 0;

  // Deletes a blob that was last committed before `before`. Returns true when the blob is gone,
  // also when it did not exist; false when it stays because its content was committed again since
  // `before`. NotFound for a malformed key.
  virtual absl::StatusOr<bool> DeleteOlder(absl::string_view key, absl::Time before) = 0;
};

// Stores each blob as a file in `folder`, equal content once. The folder is created when missing
// and accessible to its owner alone. Commit syncs the file to the disk (fsync) before the file gets
// its name. Several processes may share the folder. Deletes uploads older than 24 hours that a
// crash left unfinished.
absl::StatusOr<std::unique_ptr<Store>> OpenFolder(const std::filesystem::path& folder);

}  // namespace veche::blob

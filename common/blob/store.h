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

// Files that are too large for a database, streamed in and out. A blob never changes; its key is
// made of its content, so the same content is stored once.

namespace veche::blob {

struct Blob {
  std::string key;  // opaque, URL-safe, at most 80 characters
  int64_t size_bytes = 0;
  std::string sha256;  // hexadecimal
};

// Takes one file piece by piece. Destroyed without Commit, it leaves nothing behind. After an
// error every call gives that error. Not thread-safe.
class Writer {
 public:
  virtual ~Writer() = default;
  // ResourceExhausted with reason FILE_TOO_LARGE beyond the limit, DISK_FULL when there is no room;
  // Unavailable when the storage does not answer.
  virtual absl::Status Append(absl::string_view bytes) = 0;
  // Overwrites bytes that were appended; for formats whose header tells the size. REQUIRES: they
  // were.
  virtual absl::Status Patch(int64_t offset, absl::string_view bytes) = 0;
  // Makes it durable. REQUIRES: called once.
  virtual absl::StatusOr<Blob> Commit() = 0;

  virtual int64_t size_bytes() const = 0;  // so far
};

// Gives one file piece by piece, also while it is being deleted. Not thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual int64_t size_bytes() const = 0;
  // The next bytes, at most `limit`; none at the end.
  virtual absl::StatusOr<std::string> Read(size_t limit) = 0;
};

// Where blobs are: a folder now, an S3-compatible store next. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  virtual absl::StatusOr<std::unique_ptr<Writer>> Create(int64_t max_bytes) = 0;

  // NotFound with reason BLOB_NOT_FOUND.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Open(absl::string_view key) = 0;

  // Calls `visit` with the key of each blob that was last committed before `before`, in no
  // particular order, until it returns false. Of these the owner deletes those that nothing refers
  // to: uploads that were never attached.
  virtual absl::Status ForEachOlder(absl::Time before,
                                    absl::FunctionRef<bool(absl::string_view key)> visit) = 0;

  // Deletes a blob unless the same content was committed again since `before`. Returns whether it
  // is gone; true also when it was not there.
  virtual absl::StatusOr<bool> DeleteOlder(absl::string_view key, absl::Time before) = 0;
};

// Blobs as files of a folder, which is created when missing and readable by its owner alone. What
// a Writer commits is on the disk (fsync) before it is named. Several processes may share it.
absl::StatusOr<std::unique_ptr<Store>> OpenFolder(const std::filesystem::path& folder);

}  // namespace veche::blob

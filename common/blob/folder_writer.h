#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/blob/store.h"

// Private to the folder store.

namespace veche::blob {

// The status of a system call that failed with this errno: DISK_FULL or STORAGE_UNAVAILABLE. The
// message does not contain the path.
absl::Status StorageError(int error_number);

// The path of a blob: <folder>/ab/<key>, where ab are the first two characters of the key.
std::filesystem::path PathOf(const std::filesystem::path& folder, absl::string_view key);

// Writes to a temporary file; Commit renames the file to its key, the SHA-256 of its content.
class FolderWriter final : public Writer {
 public:
  // Commit holds `naming` while it renames the file, so that DeleteOlder sees the file either
  // before or after the renaming. `naming` must outlive the writer.
  static absl::StatusOr<std::unique_ptr<Writer>> Create(const std::filesystem::path& folder,
                                                        int64_t max_bytes, absl::Mutex& naming);
  ~FolderWriter() override;

  absl::Status Append(absl::string_view bytes) override;
  absl::Status Patch(int64_t offset, absl::string_view bytes) override;
  absl::StatusOr<Blob> Commit() override;
  int64_t size_bytes() const override { return size_; }

 private:
  class Digest;

  FolderWriter(std::filesystem::path folder, std::filesystem::path temporary, int file,
               int64_t max_bytes, absl::Mutex& naming);
  absl::Status WriteAt(int64_t offset, absl::string_view bytes);
  absl::Status DigestAgain();
  absl::Status Name(const std::string& key);
  absl::Status Fail(absl::Status status);

  const std::filesystem::path folder_;
  const std::filesystem::path temporary_;
  const int file_;
  const int64_t max_bytes_;
  absl::Mutex& naming_;
  int64_t size_ = 0;
  bool patched_ = false;
  bool named_ = false;
  std::unique_ptr<Digest> digest_;
  absl::Status status_;
};

}  // namespace veche::blob

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/blob/spool.h"
#include "common/blob/store.h"

// Private to the folder store.

namespace veche::blob {

// The path of a blob: <folder>/ab/<key>, where ab are the first two characters of the key.
std::filesystem::path PathOf(const std::filesystem::path& folder, absl::string_view key);

// Writes to a temporary file; Commit renames the file to its key.
class FolderWriter final : public Writer {
 public:
  // With a `key`, Commit gives that name, else the SHA-256 of the content. Commit holds `naming`
  // while it renames the file, so that DeleteOlder sees the file either before or after the
  // renaming. `naming` must outlive the writer.
  static absl::StatusOr<std::unique_ptr<Writer>> Create(const std::filesystem::path& folder,
                                                        absl::string_view key, int64_t max_bytes,
                                                        absl::Mutex& naming);
  ~FolderWriter() override;

  absl::Status Append(absl::string_view bytes) override { return spool_.Append(bytes); }
  absl::Status Patch(int64_t offset, absl::string_view bytes) override {
    return spool_.Patch(offset, bytes);
  }
  absl::StatusOr<Blob> Commit() override;
  int64_t size_bytes() const override { return spool_.size_bytes(); }

 private:
  FolderWriter(std::filesystem::path folder, std::filesystem::path temporary, int file,
               absl::string_view key, int64_t max_bytes, absl::Mutex& naming);
  absl::Status Name(const std::string& key);

  const std::filesystem::path folder_;
  const std::filesystem::path temporary_;
  const std::string key_;
  absl::Mutex& naming_;
  Spool spool_;
  bool named_ = false;
};

}  // namespace veche::blob

#pragma once

#include <memory>
#include <string>

#include "common/blob/s3_client.h"
#include "common/blob/spool.h"
#include "common/blob/store.h"

// Private to the S3 store.

namespace veche::blob {

// Writes to an unnamed temporary file; Commit uploads it.
class S3Writer final : public Writer {
 public:
  // With a `key`, Commit gives that name, else a unique one. `client` must outlive the writer.
  static absl::StatusOr<std::unique_ptr<Writer>> Create(S3Client& client, absl::string_view key,
                                                        int64_t max_bytes);

  absl::Status Append(absl::string_view bytes) override { return spool_.Append(bytes); }
  absl::Status Patch(int64_t offset, absl::string_view bytes) override {
    return spool_.Patch(offset, bytes);
  }
  absl::StatusOr<Blob> Commit() override;
  int64_t size_bytes() const override { return spool_.size_bytes(); }

 private:
  S3Writer(S3Client& client, int file, absl::string_view key, int64_t max_bytes)
      : client_(client), key_(key), spool_(file, max_bytes) {}
  S3Request NewObject(absl::string_view method, absl::string_view key) const;
  absl::Status UploadWhole(absl::string_view key, absl::string_view sha256);
  absl::Status UploadInParts(absl::string_view key, absl::string_view sha256);
  // Returns the parts as XML.
  absl::StatusOr<std::string> UploadParts(absl::string_view key, absl::string_view upload,
                                          absl::string_view sha256);
  absl::StatusOr<std::string> UploadPart(absl::string_view key, absl::string_view upload,
                                         int number, std::string bytes);
  absl::Status Complete(absl::string_view key, absl::string_view upload, absl::string_view parts);

  S3Client& client_;
  const std::string key_;
  Spool spool_;
};

}  // namespace veche::blob

#include "common/blob/s3_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"

namespace veche::blob {
namespace {

using http_client::Response;

bool IsGood(const Response& answer) { return answer.status >= 200 && answer.status < 300; }

std::string UploadQuery(absl::string_view upload) {
  return absl::StrCat("uploadId=", PercentEncode(upload));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Writer>> S3Writer::Create(S3Client& client, absl::string_view key,
                                                         int64_t max_bytes) {
  std::string path = (client.options().spool / "upload-XXXXXX").string();
  const int file = mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) return StorageError(errno);
  unlink(path.c_str());  // a crash leaves nothing
  return std::unique_ptr<Writer>(new S3Writer(client, file, key, max_bytes));
}

absl::StatusOr<Blob> S3Writer::Commit() {
  ASSIGN_OR_RETURN(const std::string sha256, spool_.Finish());
  if (!key_.empty() && Sha256Of(key_) != sha256) return spool_.Fail(BlobDamaged());
  const std::string key = key_.empty() ? UniqueKey(sha256) : key_;
  absl::Status uploaded = size_bytes() <= client_.options().part_bytes ? UploadWhole(key, sha256)
                                                                       : UploadInParts(key, sha256);
  if (!uploaded.ok()) return spool_.Fail(uploaded);
  return Blob{.key = key, .size_bytes = size_bytes(), .sha256 = sha256};
}

S3Request S3Writer::NewObject(absl::string_view method, absl::string_view key) const {
  S3Request request{.method = std::string(method), .key = std::string(key)};
  request.headers.emplace_back("content-type", "application/octet-stream");
  const std::string& encryption = client_.options().encryption;
  if (!encryption.empty()) {
    request.headers.emplace_back("x-amz-server-side-encryption", encryption);
  }
  return request;
}

// The store verifies the signed SHA-256 of the body.
absl::Status S3Writer::UploadWhole(absl::string_view key, absl::string_view sha256) {
  S3Request request = NewObject("PUT", key);
  ASSIGN_OR_RETURN(request.body, spool_.ReadAt(0, size_bytes()));
  request.sha256 = std::string(sha256);
  ASSIGN_OR_RETURN(const Response answer, client_.Call(request));
  return IsGood(answer) ? absl::OkStatus() : StorageUnavailable();
}

absl::Status S3Writer::UploadInParts(absl::string_view key, absl::string_view sha256) {
  S3Request begin = NewObject("POST", key);
  begin.query = "uploads=";
  ASSIGN_OR_RETURN(const Response begun, client_.Call(begin));
  const std::string upload(XmlText(begun.body, "UploadId"));
  if (upload.empty()) return StorageUnavailable();
  const absl::StatusOr<std::string> parts = UploadParts(key, upload, sha256);
  absl::Status status = parts.ok() ? Complete(key, upload, *parts) : parts.status();
  if (!status.ok()) {
    // What this leaves, a rule of the bucket removes: docs/operating/cluster.md.
    client_.Call({.method = "DELETE", .key = std::string(key), .query = UploadQuery(upload)})
        .IgnoreError();
  }
  return status;
}

absl::StatusOr<std::string> S3Writer::UploadParts(absl::string_view key, absl::string_view upload,
                                                  absl::string_view sha256) {
  const int64_t most = client_.options().part_bytes;
  crypto::Sha256Digest digest;  // of what goes up: the temporary file is read a second time
  std::string parts;
  for (int64_t offset = 0, number = 1; offset < size_bytes(); offset += most, ++number) {
    ASSIGN_OR_RETURN(std::string bytes,
                     spool_.ReadAt(offset, std::min(most, size_bytes() - offset)));
    digest.Add(bytes);
    ASSIGN_OR_RETURN(const std::string etag,
                     UploadPart(key, upload, static_cast<int>(number), std::move(bytes)));
    absl::StrAppend(&parts, "<Part><PartNumber>", number, "</PartNumber><ETag>", etag,
                    "</ETag></Part>");
  }
  if (absl::BytesToHexString(digest.Finish()) != sha256) return StorageUnavailable();
  return parts;
}

absl::StatusOr<std::string> S3Writer::UploadPart(absl::string_view key, absl::string_view upload,
                                                 int number, std::string bytes) {
  ASSIGN_OR_RETURN(
      const Response answer,
      client_.Call({.method = "PUT",
                    .key = std::string(key),
                    .query = absl::StrCat("partNumber=", number, "&", UploadQuery(upload)),
                    .headers = {{"content-type", "application/octet-stream"}},
                    .body = std::move(bytes)}));
  const absl::string_view etag = answer.Header("etag");
  if (!IsGood(answer) || etag.empty()) return StorageUnavailable();
  return std::string(etag);
}

absl::Status S3Writer::Complete(absl::string_view key, absl::string_view upload,
                                absl::string_view parts) {
  ASSIGN_OR_RETURN(const Response answer,
                   client_.Call({.method = "POST",
                                 .key = std::string(key),
                                 .query = UploadQuery(upload),
                                 .headers = {{"content-type", "application/xml"}},
                                 .body = absl::StrCat("<CompleteMultipartUpload>", parts,
                                                      "</CompleteMultipartUpload>")}));
  if (IsGood(answer)) return absl::OkStatus();
  // The upload is gone when an earlier try has completed it and its answer was lost.
  ASSIGN_OR_RETURN(const Response object,
                   client_.Call({.method = "HEAD", .key = std::string(key), .query = ""}));
  int64_t size = 0;
  const bool there = IsGood(object) && absl::SimpleAtoi(object.Header("content-length"), &size);
  return there && size == size_bytes() ? absl::OkStatus() : StorageUnavailable();
}

}  // namespace veche::blob

#include "common/blob/spool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"

namespace veche::blob {
namespace {

constexpr int64_t kPiece = 64 * 1024;

}  // namespace

absl::Status StorageError(int error_number) {
  return error_number == ENOSPC || error_number == EDQUOT ? DiskFull() : StorageUnavailable();
}

Spool::~Spool() { close(file_); }

absl::Status Spool::Fail(absl::Status status) {
  status_ = status;
  return status;
}

absl::Status Spool::WriteAt(int64_t offset, absl::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = pwrite(file_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return StorageError(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  return absl::OkStatus();
}

absl::Status Spool::Append(absl::string_view bytes) {
  RETURN_IF_ERROR(status_);
  if (static_cast<int64_t>(bytes.size()) > max_bytes_ - size_) {
    return Fail(MakeError(absl::StatusCode::kResourceExhausted, "blob", "FILE_TOO_LARGE",
                          {{"limitBytes", absl::StrCat(max_bytes_)}}));
  }
  absl::Status written = WriteAt(size_, bytes);
  if (!written.ok()) return Fail(written);
  digest_.Add(bytes);
  size_ += static_cast<int64_t>(bytes.size());
  return absl::OkStatus();
}

absl::Status Spool::Patch(int64_t offset, absl::string_view bytes) {
  RETURN_IF_ERROR(status_);
  if (offset < 0 || offset + static_cast<int64_t>(bytes.size()) > size_) {
    return Fail(absl::InternalError("patch outside of what was written"));
  }
  absl::Status written = WriteAt(offset, bytes);
  if (!written.ok()) return Fail(written);
  patched_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Spool::Finish() {
  RETURN_IF_ERROR(status_);
  if (!patched_) return absl::BytesToHexString(digest_.Finish());
  absl::StatusOr<std::string> digest = DigestAgain();
  if (!digest.ok()) return Fail(digest.status());
  return digest;
}

absl::StatusOr<std::string> Spool::DigestAgain() const {
  crypto::Sha256Digest digest;
  for (int64_t offset = 0; offset < size_; offset += kPiece) {
    ASSIGN_OR_RETURN(const std::string piece, ReadAt(offset, std::min(kPiece, size_ - offset)));
    digest.Add(piece);
  }
  return absl::BytesToHexString(digest.Finish());
}

absl::StatusOr<std::string> Spool::ReadAt(int64_t offset, int64_t size) const {
  std::string bytes(static_cast<size_t>(size), '\0');
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t got =
        pread(file_, bytes.data() + done, bytes.size() - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return StorageError(got < 0 ? errno : EIO);
    done += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace veche::blob

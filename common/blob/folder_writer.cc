#include "common/blob/folder_writer.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"

namespace veche::blob {
namespace {

constexpr absl::string_view kDomain = "blob";

absl::Status SyncFolder(const std::filesystem::path& folder) {
  int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return StorageError(errno);
  int failed = fsync(file) == 0 ? 0 : errno;
  close(file);
  return failed == 0 ? absl::OkStatus() : StorageError(failed);
}

}  // namespace

absl::Status StorageError(int error_number) {
  if (error_number == ENOSPC || error_number == EDQUOT) {
    return MakeError(absl::StatusCode::kResourceExhausted, kDomain, "DISK_FULL");
  }
  return MakeError(absl::StatusCode::kUnavailable, kDomain, "STORAGE_UNAVAILABLE");
}

std::filesystem::path PathOf(const std::filesystem::path& folder, absl::string_view key) {
  return folder / std::string(key.substr(0, 2)) / std::string(key);
}

// An incremental SHA-256.
class FolderWriter::Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) { Reset(); }
  void Reset() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void Add(absl::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string Hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    return absl::BytesToHexString(
        absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

absl::StatusOr<std::unique_ptr<Writer>> FolderWriter::Create(const std::filesystem::path& folder,
                                                             int64_t max_bytes,
                                                             absl::Mutex& naming) {
  std::filesystem::path temporary = folder / "incoming" / RandomToken(16);
  int file = open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return StorageError(errno);
  return std::unique_ptr<Writer>(
      new FolderWriter(folder, std::move(temporary), file, max_bytes, naming));
}

FolderWriter::FolderWriter(std::filesystem::path folder, std::filesystem::path temporary, int file,
                           int64_t max_bytes, absl::Mutex& naming)
    : folder_(std::move(folder)),
      temporary_(std::move(temporary)),
      file_(file),
      max_bytes_(max_bytes),
      naming_(naming),
      digest_(std::make_unique<Digest>()) {}

FolderWriter::~FolderWriter() {
  close(file_);
  if (!named_) unlink(temporary_.c_str());
}

absl::Status FolderWriter::Fail(absl::Status status) {
  status_ = status;
  return status;
}

absl::Status FolderWriter::WriteAt(int64_t offset, absl::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = pwrite(file_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return StorageError(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += written;
  }
  return absl::OkStatus();
}

absl::Status FolderWriter::Append(absl::string_view bytes) {
  RETURN_IF_ERROR(status_);
  if (static_cast<int64_t>(bytes.size()) > max_bytes_ - size_) {
    return Fail(MakeError(absl::StatusCode::kResourceExhausted, kDomain, "FILE_TOO_LARGE",
                          {{"limitBytes", absl::StrCat(max_bytes_)}}));
  }
  absl::Status written = WriteAt(size_, bytes);
  if (!written.ok()) return Fail(written);
  digest_->Add(bytes);
  size_ += static_cast<int64_t>(bytes.size());
  return absl::OkStatus();
}

absl::Status FolderWriter::Patch(int64_t offset, absl::string_view bytes) {
  RETURN_IF_ERROR(status_);
  if (offset < 0 || offset + static_cast<int64_t>(bytes.size()) > size_) {
    return Fail(absl::InternalError("patch outside of what was written"));
  }
  absl::Status written = WriteAt(offset, bytes);
  if (!written.ok()) return Fail(written);
  patched_ = true;
  return absl::OkStatus();
}

absl::Status FolderWriter::DigestAgain() {
  digest_->Reset();
  std::string buffer(64 * 1024, '\0');
  for (int64_t offset = 0; offset < size_;) {
    ssize_t got = pread(file_, buffer.data(), buffer.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return StorageError(got < 0 ? errno : EIO);
    digest_->Add(absl::string_view(buffer.data(), static_cast<size_t>(got)));
    offset += got;
  }
  return absl::OkStatus();
}

absl::Status FolderWriter::Name(const std::string& key) {
  std::filesystem::path path = PathOf(folder_, key);
  bool new_folder = mkdir(path.parent_path().c_str(), 0700) == 0;
  if (!new_folder && errno != EEXIST) return StorageError(errno);
  {
    absl::MutexLock lock(&naming_);
    // The age of the blob counts from now, also when the same content was stored before.
    if (futimens(file_, nullptr) != 0 || rename(temporary_.c_str(), path.c_str()) != 0) {
      return StorageError(errno);
    }
    named_ = true;
  }
  if (new_folder) RETURN_IF_ERROR(SyncFolder(folder_));
  return SyncFolder(path.parent_path());
}

absl::StatusOr<Blob> FolderWriter::Commit() {
  RETURN_IF_ERROR(status_);
  if (patched_) {
    absl::Status read = DigestAgain();
    if (!read.ok()) return Fail(read);
  }
  std::string sha256 = digest_->Hex();
  if (fsync(file_) != 0) return Fail(StorageError(errno));
  absl::Status named = Name(sha256);
  if (!named.ok()) return Fail(named);
  return Blob{.key = sha256, .size_bytes = size_, .sha256 = sha256};
}

}  // namespace veche::blob

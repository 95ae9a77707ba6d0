#include "common/blob/folder_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/blob/key.h"

namespace veche::blob {
namespace {

absl::Status SyncFolder(const std::filesystem::path& folder) {
  int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return StorageError(errno);
  int failed = fsync(file) == 0 ? 0 : errno;
  close(file);
  return failed == 0 ? absl::OkStatus() : StorageError(failed);
}

}  // namespace

std::filesystem::path PathOf(const std::filesystem::path& folder, absl::string_view key) {
  return folder / std::string(key.substr(0, 2)) / std::string(key);
}

absl::StatusOr<std::unique_ptr<Writer>> FolderWriter::Create(const std::filesystem::path& folder,
                                                             absl::string_view key,
                                                             int64_t max_bytes,
                                                             absl::Mutex& naming) {
  std::filesystem::path temporary = folder / "incoming" / RandomToken(16);
  int file = open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return StorageError(errno);
  return std::unique_ptr<Writer>(
      new FolderWriter(folder, std::move(temporary), file, key, max_bytes, naming));
}

FolderWriter::FolderWriter(std::filesystem::path folder, std::filesystem::path temporary, int file,
                           absl::string_view key, int64_t max_bytes, absl::Mutex& naming)
    : folder_(std::move(folder)),
      temporary_(std::move(temporary)),
      key_(key),
      naming_(naming),
      spool_(file, max_bytes) {}

FolderWriter::~FolderWriter() {
  if (!named_) unlink(temporary_.c_str());
}

absl::Status FolderWriter::Name(const std::string& key) {
  std::filesystem::path path = PathOf(folder_, key);
  bool new_folder = mkdir(path.parent_path().c_str(), 0700) == 0;
  if (!new_folder && errno != EEXIST) return StorageError(errno);
  {
    absl::MutexLock lock(&naming_);
    // The age of the blob counts from now, also when the same content was stored before.
    if (futimens(spool_.file(), nullptr) != 0 || rename(temporary_.c_str(), path.c_str()) != 0) {
      return StorageError(errno);
    }
    named_ = true;
  }
  if (new_folder) RETURN_IF_ERROR(SyncFolder(folder_));
  return SyncFolder(path.parent_path());
}

absl::StatusOr<Blob> FolderWriter::Commit() {
  ASSIGN_OR_RETURN(const std::string sha256, spool_.Finish());
  if (!key_.empty() && Sha256Of(key_) != sha256) return spool_.Fail(BlobDamaged());
  if (fsync(spool_.file()) != 0) return spool_.Fail(StorageError(errno));
  const std::string& key = key_.empty() ? sha256 : key_;
  absl::Status named = Name(key);
  if (!named.ok()) return spool_.Fail(named);
  return Blob{.key = key, .size_bytes = size_bytes(), .sha256 = sha256};
}

}  // namespace veche::blob

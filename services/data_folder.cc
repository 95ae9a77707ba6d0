#include "services/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/backup/backup.h"

namespace veche {

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path / backup::kUnfinishedFile, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("A restore into the data folder ", path.string(),
                     " was not finished. Run veche restore again."));
  }
  return OpenToRestore(path);
}

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::OpenToRestore(
    const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("Cannot create the data folder ", path.string(), ": ", error.message(), "."));
  }
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  const std::filesystem::path file = path / "lock";
  const int lock = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (lock < 0) {
    return absl::FailedPreconditionError(absl::StrCat("Cannot write to the data folder ",
                                                      path.string(), ": ", strerror(errno), "."));
  }
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return absl::FailedPreconditionError(
        absl::StrCat("Another veche already runs on the data folder ", path.string(),
                     ". Stop it first, or choose another folder with --data_dir."));
  }
  return std::unique_ptr<DataFolder>(new DataFolder(path, lock));
}

DataFolder::~DataFolder() { close(lock_); }

}  // namespace veche

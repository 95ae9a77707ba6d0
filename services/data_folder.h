#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"

namespace veche {

// The folder of embedded storage, used by one process at a time.
class DataFolder {
 public:
  // Creates the folder (readable by its owner only) and locks it until destruction or until the
  // process ends, even by a crash. FailedPrecondition when another process holds the lock, or the
  // folder has the mark of a restore that was not finished (backup::kUnfinishedFile).
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::filesystem::path& path);
  // The same for `veche restore`, which finishes what was not finished.
  static absl::StatusOr<std::unique_ptr<DataFolder>> OpenToRestore(
      const std::filesystem::path& path);
  ~DataFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  const std::filesystem::path path_;
  const int lock_;
};

}  // namespace veche

#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"

namespace veche {

// The folder of the embedded set-up, held by one process at a time.
class DataFolder {
 public:
  // Creates the folder (readable by its owner alone) and locks it until destruction or the
  // process's end, however that comes. FailedPrecondition when another process holds it.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::filesystem::path& path);
  ~DataFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  const std::filesystem::path path_;
  const int lock_;
};

}  // namespace veche

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/blob/folder_writer.h"
#include "common/blob/key.h"
#include "common/blob/store.h"

namespace veche::blob {
namespace {

// Longer than any upload takes: an older temporary file was left by a crash, and OpenFolder deletes
// it.
constexpr absl::Duration kUploadTime = absl::Hours(24);
constexpr size_t kMaxPiece = 1 << 20;

class FolderReader final : public Reader {
 public:
  FolderReader(int file, int64_t size) : file_(file), size_(size) {}
  ~FolderReader() override { close(file_); }

  int64_t size_bytes() const override { return size_; }

  absl::StatusOr<std::string> Read(size_t limit) override {
    std::string bytes(std::min(limit, kMaxPiece), '\0');
    ssize_t got = 0;
    do {
      got = read(file_, bytes.data(), bytes.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) return StorageError(errno);
    bytes.resize(static_cast<size_t>(got));
    return bytes;
  }

 private:
  const int file_;
  const int64_t size_;
};

class Folder final : public Store {
 public:
  explicit Folder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::unique_ptr<Writer>> Create(int64_t max_bytes) override {
    return FolderWriter::Create(folder_, /*key=*/"", max_bytes, naming_);
  }

  absl::StatusOr<std::unique_ptr<Writer>> CreateCopy(absl::string_view key,
                                                     int64_t max_bytes) override {
    if (!IsKey(key)) return BlobNotFound();
    return FolderWriter::Create(folder_, key, max_bytes, naming_);
  }

  absl::StatusOr<std::unique_ptr<Reader>> Open(absl::string_view key) override {
    if (!IsKey(key)) return BlobNotFound();
    int file = open(PathOf(folder_, key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return errno == ENOENT ? BlobNotFound() : StorageError(errno);
    struct stat info = {};
    if (fstat(file, &info) != 0) {
      int failed = errno;
      close(file);
      return StorageError(failed);
    }
    return std::make_unique<FolderReader>(file, info.st_size);
  }

  absl::Status ForEachOlder(absl::Time before,
                            absl::FunctionRef<bool(absl::string_view)> visit) override {
    std::error_code error;
    std::filesystem::recursive_directory_iterator entry(folder_, error);
    for (; !error && entry != std::filesystem::end(entry); entry.increment(error)) {
      std::string name = entry->path().filename();
      if (!IsKey(name) || !IsOlder(entry->path(), before)) continue;
      if (!visit(name)) return absl::OkStatus();
    }
    return error ? StorageError(error.value()) : absl::OkStatus();
  }

  absl::StatusOr<bool> DeleteOlder(absl::string_view key, absl::Time before) override {
    if (!IsKey(key)) return BlobNotFound();
    std::filesystem::path path = PathOf(folder_, key);
    absl::MutexLock lock(&naming_);
    if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) return true;
    if (!IsOlder(path, before)) return false;
    if (unlink(path.c_str()) != 0 && errno != ENOENT) return StorageError(errno);
    return true;
  }

  void DeleteAbandonedUploads(absl::Time before) {
    std::error_code error;
    std::filesystem::directory_iterator entry(folder_ / "incoming", error);
    for (; !error && entry != std::filesystem::end(entry); entry.increment(error)) {
      if (IsOlder(entry->path(), before)) unlink(entry->path().c_str());
    }
  }

 private:
  // False when the file has been deleted meanwhile.
  static bool IsOlder(const std::filesystem::path& path, absl::Time before) {
    struct stat info = {};
    return lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           absl::TimeFromTimespec(info.st_mtim) < before;
  }

  const std::filesystem::path folder_;
  absl::Mutex naming_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return StorageError(error.value());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (mkdir((folder / "incoming").c_str(), 0700) != 0 && errno != EEXIST) {
    return StorageError(errno);
  }
  auto store = std::make_unique<Folder>(folder);
  store->DeleteAbandonedUploads(absl::Now() - kUploadTime);
  return store;
}

}  // namespace veche::blob

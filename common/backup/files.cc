#include "common/backup/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"

namespace veche::backup {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = 1 << 20;

absl::Status Failed(absl::string_view doing, const fs::path& file, int error) {
  const std::string text =
      absl::StrCat("Cannot ", doing, " ", file.string(), ": ", std::strerror(error), ".");
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(text);
  return absl::UnavailableError(text);
}

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  const int value_;
};

absl::Status WriteAll(int descriptor, absl::string_view bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", file, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Passes the file on in pieces; returns its size and hash.
absl::StatusOr<ManifestFile> ReadThrough(
    const fs::path& path, const std::function<absl::Status(absl::string_view)>& take) {
  const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return Failed("read", path, errno);
  ManifestFile file;
  crypto::Sha256Digest digest;
  std::string piece(kPiece, '\0');
  while (true) {
    const ssize_t got = ::read(in.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path, errno);
    if (got == 0) break;
    const absl::string_view bytes(piece.data(), static_cast<size_t>(got));
    digest.Add(bytes);
    file.size += got;
    RETURN_IF_ERROR(take(bytes));
  }
  file.sha256 = absl::BytesToHexString(digest.Finish());
  return file;
}

absl::Status Sync(const fs::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0 || ::fsync(descriptor.get()) != 0) return Failed("sync", path, errno);
  return absl::OkStatus();
}

// Creates the folders of `folder` that are missing; only their owner may read them.
absl::Status CreateFolders(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return absl::OkStatus();
  RETURN_IF_ERROR(CreateFolders(folder.parent_path()));
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return Failed("create", folder, errno);
}

}  // namespace

absl::StatusOr<ManifestFile> Measure(const fs::path& file) {
  return ReadThrough(file, [](absl::string_view) { return absl::OkStatus(); });
}

absl::StatusOr<std::string> ReadWhole(const fs::path& file) {
  std::string content;
  RETURN_IF_ERROR(ReadThrough(file, [&](absl::string_view bytes) {
                    absl::StrAppend(&content, bytes);
                    return absl::OkStatus();
                  }).status());
  return content;
}

absl::StatusOr<ManifestFile> Copy(const fs::path& from, const fs::path& to) {
  RETURN_IF_ERROR(CreateFolders(to.parent_path()));
  const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.get() < 0) return Failed("create", to, errno);
  ASSIGN_OR_RETURN(ManifestFile file, ReadThrough(from, [&](absl::string_view bytes) {
                     return WriteAll(out.get(), bytes, to);
                   }));
  if (::fsync(out.get()) != 0) return Failed("write", to, errno);
  return file;
}

absl::Status SyncTree(const fs::path& folder, const std::vector<fs::path>& files) {
  for (const fs::path& file : files) RETURN_IF_ERROR(Sync(file));
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory(error)) RETURN_IF_ERROR(Sync(entry->path()));
  }
  if (error) return Failed("read", folder, error.value());
  return Sync(folder);
}

absl::StatusOr<std::vector<std::string>> ListFiles(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::follow_directory_symlink,
                                         error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) {
      files.push_back(entry->path().lexically_relative(folder).generic_string());
    }
  }
  if (error) return Failed("read", folder, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<std::vector<std::string>> ListNames(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  if (!fs::exists(folder, error)) return names;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return Failed("read", folder, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace veche::backup

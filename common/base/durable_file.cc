#include "common/base/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"

namespace veche {
namespace {

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
  int value_;
};

absl::Status Failed(absl::string_view doing, const std::filesystem::path& file) {
  return absl::UnavailableError(
      absl::StrCat("Cannot ", doing, " ", file.string(), ": ", std::strerror(errno), "."));
}

absl::Status WriteAll(int descriptor, absl::string_view content,
                      const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", file);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? absl::OkStatus() : Failed("write", file);
}

absl::Status WriteNew(const std::filesystem::path& file, absl::string_view content) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.get() < 0) return Failed("create", file);
  return WriteAll(out.get(), content, file);
}

// Writes a temporary file, gives it its name by `name` and makes the name durable.
absl::Status WriteAndName(const std::filesystem::path& file, absl::string_view content,
                          int (*name)(const char* temporary, const char* file)) {
  const std::filesystem::path parent =
      file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  // Random, so that two writers of one file do not share a temporary one.
  const std::filesystem::path temporary =
      parent / absl::StrCat(".", file.filename().string(), ".", RandomToken(6));
  absl::Status status = WriteNew(temporary, content);
  if (status.ok() && name(temporary.c_str(), file.c_str()) != 0) status = Failed("name", file);
  ::unlink(temporary.c_str());
  RETURN_IF_ERROR(status);
  const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return Failed("sync", parent);
  return absl::OkStatus();
}

int LinkUnlessThere(const char* temporary, const char* file) {
  return ::link(temporary, file) == 0 || errno == EEXIST ? 0 : -1;
}

}  // namespace

absl::Status WriteDurably(const std::filesystem::path& file, absl::string_view content) {
  return WriteAndName(file, content, &::rename);
}

absl::Status WriteDurablyOnce(const std::filesystem::path& file, absl::string_view content) {
  return WriteAndName(file, content, &LinkUnlessThere);
}

}  // namespace veche

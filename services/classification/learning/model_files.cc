#include "services/classification/learning/model_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/model/model_file.h"

namespace veche::classification {
namespace {

absl::StatusOr<std::shared_ptr<const Classifier>> Check(Model model, const std::string& version) {
  if (model.version() != version) {
    return absl::InvalidArgumentError(
        absl::StrCat("the model is version ", model.version(), ", not ", version));
  }
  ASSIGN_OR_RETURN(Classifier classifier, Classifier::Create(std::move(model)));
  return std::make_shared<const Classifier>(std::move(classifier));
}

absl::Status Failed(const std::filesystem::path& path, absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": cannot be ", what, ": ", std::strerror(errno)));
}

// Creates the file with these bytes on the disk; a folder is flushed with none.
absl::Status WriteAndFlush(const std::filesystem::path& path, const std::string& bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Failed(path, "created");
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t n = ::write(file, bytes.data() + written, bytes.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    written += static_cast<size_t>(n);
  }
  const bool whole = written == bytes.size() && ::fsync(file) == 0;
  ::close(file);
  return whole ? absl::OkStatus() : Failed(path, "written");
}

void FlushFolder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Classifier>> LoadModelFile(const std::filesystem::path& folder,
                                                                const std::string& version) {
  ASSIGN_OR_RETURN(Model model, ReadModelFile((folder / absl::StrCat(version, ".bin")).string()));
  return Check(std::move(model), version);
}

absl::StatusOr<std::shared_ptr<const Classifier>> LoadModelBytes(const std::string& bytes,
                                                                 const std::string& version) {
  ASSIGN_OR_RETURN(Model model, ParseModel(bytes));
  return Check(std::move(model), version);
}

absl::Status StoreModelFile(const std::filesystem::path& folder, const std::string& version,
                            const std::string& bytes) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path draft = folder / absl::StrCat(version, ".draft");
  RETURN_IF_ERROR(WriteAndFlush(draft, bytes));
  std::filesystem::rename(draft, folder / absl::StrCat(version, ".bin"), error);
  if (error) return absl::UnavailableError(absl::StrCat(draft.string(), ": ", error.message()));
  FlushFolder(folder);
  return absl::OkStatus();
}

void KeepModelFiles(const std::filesystem::path& folder, const std::vector<std::string>& versions) {
  std::vector<std::filesystem::path> gone;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const bool model = entry.path().extension() == ".bin";
    const std::string name = entry.path().stem().string();
    if (!model || std::find(versions.begin(), versions.end(), name) == versions.end()) {
      gone.push_back(entry.path());
    }
  }
  for (const std::filesystem::path& path : gone) std::filesystem::remove(path, error);
}

}  // namespace veche::classification

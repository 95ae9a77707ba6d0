#include "services/classification/learning/model_files.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
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
  return WriteDurably(folder / absl::StrCat(version, ".bin"), bytes);
}

void DeleteOtherModelFiles(const std::filesystem::path& folder,
                           const std::vector<std::string>& versions) {
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

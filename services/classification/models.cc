#include "services/classification/models.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/classification/model_file.h"

namespace veche::classification {
namespace {

absl::StatusOr<std::shared_ptr<const Classifier>> MakeClassifier(absl::StatusOr<Model> model) {
  RETURN_IF_ERROR(model.status());
  ASSIGN_OR_RETURN(Classifier classifier, Classifier::Create(*std::move(model)));
  return std::make_shared<const Classifier>(std::move(classifier));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Classifier>> LoadBuiltIn() {
  return MakeClassifier(ParseModel(BuiltInModel()[0].content));
}

std::shared_ptr<const Classifier> LoadOwn(const std::filesystem::path& data_dir,
                                          observe::Logger& logger) {
  const std::filesystem::path path = data_dir / "classification" / "model.bin";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return nullptr;
  auto classifier = MakeClassifier(ReadModelFile(path.string()));
  if (classifier.ok()) return *std::move(classifier);
  logger.Warning("own model refused, the built-in one is used",
                 {{"reason", classifier.status().message()}});
  return nullptr;
}

}  // namespace veche::classification

#include "services/classification/classifier/built_in_model.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/classification/model/model_file.h"

namespace veche::classification {

absl::StatusOr<std::shared_ptr<const Classifier>> LoadBuiltIn() {
  ASSIGN_OR_RETURN(Model model, ParseModelInPlace(BuiltInModel()[0].content, nullptr));
  ASSIGN_OR_RETURN(Classifier classifier, Classifier::Create(std::move(model)));
  return std::make_shared<const Classifier>(std::move(classifier));
}

}  // namespace veche::classification

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/base/embedded_file.h"
#include "services/classification/classifier/classifier.h"

namespace veche::classification {

// The file of the model that the build trained from seed/ and embedded.
absl::Span<const EmbeddedFile> BuiltInModel();

// A classifier with that model.
absl::StatusOr<std::shared_ptr<const Classifier>> LoadBuiltIn();

}  // namespace veche::classification

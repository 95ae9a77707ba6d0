#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "common/base/embedded_file.h"
#include "common/observe/telemetry.h"
#include "services/classification/classifier.h"

namespace veche::classification {

// The model that the build trained from seed/ and put into the program.
absl::Span<const EmbeddedFile> BuiltInModel();

// A classifier with that model.
absl::StatusOr<std::shared_ptr<const Classifier>> LoadBuiltIn();

// A classifier with a city's own model: `data_dir`/classification/model.bin. Null when there is no
// such file, or, with a warning in the log, when it cannot be used.
std::shared_ptr<const Classifier> LoadOwn(const std::filesystem::path& data_dir,
                                          observe::Logger& logger);

}  // namespace veche::classification

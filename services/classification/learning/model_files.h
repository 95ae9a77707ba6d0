#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/classification/classifier/classifier.h"

// Models of this city as files FOLDER/VERSION.bin: copies of the bytes in the database.

namespace veche::classification {

// A classifier with the model of the file. NotFound; InvalidArgument when the file is damaged, is
// no model, or holds another version than its name says.
absl::StatusOr<std::shared_ptr<const Classifier>> LoadModelFile(const std::filesystem::path& folder,
                                                                const std::string& version);

// The same for the bytes of a model.
absl::StatusOr<std::shared_ptr<const Classifier>> LoadModelBytes(const std::string& bytes,
                                                                 const std::string& version);

// Writes the file with WriteDurably; makes the folder if it is missing.
absl::Status StoreModelFile(const std::filesystem::path& folder, const std::string& version,
                            const std::string& bytes);

// Deletes every file but the models of `versions`: temporary files and models no longer kept.
void DeleteOtherModelFiles(const std::filesystem::path& folder,
                           const std::vector<std::string>& versions);

}  // namespace veche::classification

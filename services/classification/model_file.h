#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/model.h"

// A model as a file: magic, format and feature set, SHA-256 of the content, content (little
// endian).

namespace veche::classification {

std::string SerializeModel(const Model& model);

// InvalidArgument with the reason when the bytes are no model, of a newer format or another feature
// set, cut short, or changed.
absl::StatusOr<Model> ParseModel(absl::string_view bytes);

// NotFound when there is no such file; else as ParseModel, the path in the message.
absl::StatusOr<Model> ReadModelFile(const std::string& path);

// Replaces the file at once: a reader sees the old or the new one.
absl::Status WriteModelFile(const Model& model, const std::string& path);

std::string ModelVersion(const Model::Parts& parts);

}  // namespace veche::classification

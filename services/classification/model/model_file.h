#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/model/model.h"

// The file of a model: magic, format, feature set, SHA-256 of the content, then the content (little
// endian): a description, and the arrays, each at a multiple of 16 bytes, so that they can be used
// in place.

namespace veche::classification {

// The arrays that training produces.
struct ModelArrays {
  std::vector<uint32_t> hashes;
  std::vector<float> rarity, scales, biases;
  std::vector<int8_t> rows;
  std::vector<uint64_t> fingerprints;
};

// Builds a model of `parts` and `arrays`; sets the spans of `parts`.
absl::StatusOr<Model> BuildModel(Model::Parts parts, const ModelArrays& arrays);

std::string SerializeModel(const Model& model);

// Parses a copy of the bytes. InvalidArgument, with the reason, when they are no model, have
// another format or feature set, are truncated, or do not match their checksum.
absl::StatusOr<Model> ParseModel(absl::string_view bytes);

// Parses without a copy: the bytes must not change while `owner` lives (null: for ever).
absl::StatusOr<Model> ParseModelInPlace(absl::string_view bytes, std::shared_ptr<const void> owner);

// Maps the file into memory. NotFound; otherwise the errors of ParseModel, with the path.
absl::StatusOr<Model> ReadModelFile(const std::string& path);

// Replaces the file atomically: a reader sees the old or the new file, and a mapping of the old
// file stays valid.
absl::Status WriteModelFile(const Model& model, const std::string& path);

}  // namespace veche::classification

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/model/model.h"

// A model as a file: magic, format and feature set, SHA-256 of the content, content (little
// endian): a description, then the arrays, each at a multiple of 16 bytes, so that they can be used
// where they lie.

namespace veche::classification {

// What a model is made of, as training has it.
struct ModelArrays {
  std::vector<uint32_t> hashes;
  std::vector<float> rarity, scales, biases;
  std::vector<int8_t> rows;
  std::vector<uint64_t> fingerprints;
};

// A model of `parts`, whose spans are set here from `arrays`.
absl::StatusOr<Model> BuildModel(Model::Parts parts, const ModelArrays& arrays);

std::string SerializeModel(const Model& model);

// InvalidArgument with the reason when the bytes are no model, of a newer format or another feature
// set, cut short, or changed. Copies the bytes.
absl::StatusOr<Model> ParseModel(absl::string_view bytes);

// The same where they lie; they must not change and live as long as `owner` (null: forever).
absl::StatusOr<Model> ParseModelInPlace(absl::string_view bytes, std::shared_ptr<const void> owner);

// Maps the file into memory. NotFound when there is no such file; else as ParseModel, the path in
// the message.
absl::StatusOr<Model> ReadModelFile(const std::string& path);

// Replaces the file at once: a reader sees the old or the new one, and one who has mapped the old
// one keeps it.
absl::Status WriteModelFile(const Model& model, const std::string& path);

}  // namespace veche::classification

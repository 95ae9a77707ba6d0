#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/classification/linear_svm.h"
#include "services/classification/model.h"

namespace veche::classification {

// A text and the topic that people gave it.
struct Example {
  std::string text;
  std::string topic;
};

struct TrainOptions {
  std::string source;  // kept in the model's report
  size_t max_features = 80'000;
  int folds = 3;            // of the cross-validation that sets the temperature
  double precision = 0.85;  // of answers that may be acted on without a person
  SvmOptions svm = {};
  std::function<bool()> cancelled = {};  // asked many times a second; true ends the training
};

// One plane for each topic against the rest, probabilities by a softmax whose temperature fits
// held-out folds. InvalidArgument when there are fewer than two topics; Cancelled. The same
// examples in the same order give the same model.
absl::StatusOr<Model> TrainModel(absl::Span<const Example> examples, const TrainOptions& options);

}  // namespace veche::classification

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/classification/model/model.h"
#include "services/classification/model/regression.h"
#include "services/classification/training/example.h"

namespace veche::classification {

struct TrainOptions {
  std::string source;        // stored in the model's report
  ColumnNames columns = {};  // stored in the model
  bool with_seed = false;    // adds the examples of the program
  float seed_weight = 1;     // of each seed example; this and the next found by cross-validation
  float name_weight = 1;     // of an example that is the name of a label
  size_t max_bytes = 5'700'000;  // of the features and their weights
  int folds = 3;                 // of the cross-validation for the calibration
  RegressionOptions regression = {.cost = 15, .rounds = 7};
  std::function<bool()> cancelled = {};  // called now and then; true ends the training
};

// Trains softmax regressions for topics, groups and departments over hashed features, and
// calibrates their probabilities on held-out folds. InvalidArgument with fewer than two topics;
// Cancelled. The same examples in the same order give the same model.
absl::StatusOr<Model> TrainModel(absl::Span<const Example> examples, const TrainOptions& options);

// The examples of the program: the texts of seed/ with their topics, and the titles of the topics
// in four languages.
const std::vector<Example>& SeedExamples();

}  // namespace veche::classification

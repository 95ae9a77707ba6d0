#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/classification/model/model.h"
#include "services/classification/model/regression.h"

namespace veche::classification {

// A text and the labels that people gave it; "" where they gave none.
struct Example {
  // Only texts of a city are counted and asked about in cross-validation, if there are any.
  enum class Origin { kCity, kSeed, kName };

  std::string text;
  std::string topic;
  std::string group;       // when empty, that of the topic
  std::string department;  // a kind of department
  // Where it comes from (PlaceNames): texts and departments differ between them.
  std::vector<std::string> places = {};
  Origin origin = Origin::kCity;
  float weight = 1;
};

struct TrainOptions {
  std::string source;            // kept in the model's report
  ColumnNames columns = {};      // the same
  bool with_seed = false;        // learn from the program's own texts as well
  float seed_weight = 1;         // of each of them; this and the next by cross-validation
  float name_weight = 1;         // of a label's name
  size_t max_bytes = 5'700'000;  // of the features and their weights
  int folds = 3;                 // of the cross-validation that sets probabilities
  RegressionOptions regression = {.cost = 15, .rounds = 7};
  std::function<bool()> cancelled = {};  // asked now and then; true ends the training
};

// Softmax regressions for topics, groups and departments over hashed features, and probabilities
// that fit held-out folds. InvalidArgument when there are fewer than two topics; Cancelled. The
// same examples in the same order give the same model.
absl::StatusOr<Model> TrainModel(absl::Span<const Example> examples, const TrainOptions& options);

// The texts of seed/ with their topics, and the titles of the topics in four languages.
const std::vector<Example>& SeedExamples();

}  // namespace veche::classification

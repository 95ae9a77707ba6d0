#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/classification/learning/candidate.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"

namespace veche::classification {

// The decided texts that a candidate is trained on.
struct Collection {
  std::vector<DecidedText> texts;  // oldest first; each has a topic, a department, or both
  // Appeals left out: beyond the cap of a person, with unknown labels only, or without a text.
  int64_t left_out = 0;
};

struct CollectionParts {
  sql::Database& database;
  ExampleStore& examples;
  TextSource& texts;
  DepartmentSource& departments;
  const LearningOptions& options;
  double base_weight = 0;  // of BaseExamples
  std::function<bool()> cancelled;
};

// Reads the newest decisions within the limits of the options, and their texts, page by page. Stops
// early when `cancelled` returns true. Errors are those of the database and of both sources.
absl::StatusOr<Collection> Collect(const CollectionParts& parts);

}  // namespace veche::classification

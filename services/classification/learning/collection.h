#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/classification/learning/candidate.h"
#include "services/classification/learning/example_store.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/texts.h"

namespace veche::classification {

// What a candidate is trained on.
struct Collection {
  std::vector<DecidedText> texts;  // oldest first
  int64_t left_out = 0;  // decisions beyond a person's cap, of unknown categories, without a text
};

// Reads the newest decisions within the limits of `options`, and their texts, page by page. Stops
// early when `cancelled`. Errors are those of the database and of TextSource.
absl::StatusOr<Collection> Collect(sql::Database& database, ExampleStore& examples,
                                   TextSource& texts, const LearningOptions& options,
                                   const std::function<bool()>& cancelled);

}  // namespace veche::classification

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/labelled_data.h"
#include "services/classification/model.h"

namespace veche::classification {

// How good answers are, each 0..1.
struct Quality {
  double accuracy = 0;
  double macro_f1 = 0;     // over the classes that the data have
  double weighted_f1 = 0;  // by their number of texts
  double top3 = 0;
  double ece = 0;             // expected calibration error, 15 bins
  double coverage_at_90 = 0;  // share of the surest answers that are 90 % right
};

struct Evaluation {
  Quality topic;
  Quality group;
  std::optional<Quality> department;  // by the topics' default departments, if the data tell
  size_t rows = 0;
  double texts_per_second = 0;
  size_t model_bytes = 0;
};

// Topics that the model does not know count as errors.
Evaluation Evaluate(const Model& model, absl::Span<const LabelledText> texts);

std::string ToJson(const Evaluation& evaluation);
std::string ToTable(const Evaluation& evaluation);

}  // namespace veche::classification

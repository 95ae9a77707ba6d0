#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/model.h"
#include "services/classification/training/labelled_data.h"

namespace veche::classification {

// Quality of the answers of one head; each figure is from 0 to 1.
struct Quality {
  size_t rows = 0;  // with a label
  double accuracy = 0;
  double macro_f1 = 0;     // over the labels in the data or in the answers
  double weighted_f1 = 0;  // weighted by texts of the label
  double top3 = 0;
  double ece = 0;             // expected calibration error of first answers, 15 bins
  double coverage_at_90 = 0;  // share of the surest answers that are 90 % right
  double accuracy_at_60 = 0;  // of the surest 60 % of the answers
};

struct Evaluation {
  // By head; nullopt when no row has a label of the head.
  std::array<std::optional<Quality>, kHeads> heads;
  size_t rows = 0;
  double texts_per_second = 0;  // one thread, all three heads, features included
  size_t model_bytes = 0;
};

// Tests the model on the texts. Labels that the model does not have count as errors. The speed is
// that of the fastest of several passes, each with an empty cache of words.
Evaluation Evaluate(const Model& model, absl::Span<const LabelledText> texts);

// A message for each label of the texts that the model does not have, with its first occurrence.
std::vector<std::string> FindUnknownLabels(const Model& model,
                                           absl::Span<const LabelledText> texts);

std::string ToJson(const Evaluation& evaluation);
std::string ToTable(const Evaluation& evaluation);

}  // namespace veche::classification

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/model.h"
#include "services/classification/training/labelled_data.h"

namespace veche::classification {

// How good answers are, each 0..1.
struct Quality {
  size_t rows = 0;  // that have a label
  double accuracy = 0;
  double macro_f1 = 0;     // over the labels that the data have or the model said
  double weighted_f1 = 0;  // by their number of texts
  double top3 = 0;
  double ece = 0;             // expected calibration error of first answers, 15 bins
  double coverage_at_90 = 0;  // share of the surest answers that are 90 % right
  double accuracy_at_60 = 0;  // of the surest three fifths
};

struct Evaluation {
  // By head; none when no row has a label of it.
  std::array<std::optional<Quality>, kHeads> heads;
  size_t rows = 0;
  double texts_per_second = 0;  // one thread, all three heads, features included
  size_t model_bytes = 0;
};

// Labels that the model does not know count as errors. Speed is that of the fastest of several
// passes over the texts; before each the thread forgets the words it met.
Evaluation Evaluate(const Model& model, absl::Span<const LabelledText> texts);

// A line for each label of the texts that the model does not know, with where it stands first.
std::vector<std::string> FindUnknownLabels(const Model& model,
                                           absl::Span<const LabelledText> texts);

std::string ToJson(const Evaluation& evaluation);
std::string ToTable(const Evaluation& evaluation);

}  // namespace veche::classification

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/domain/statistics.h"
#include "services/classification/learning/base_examples.h"
#include "services/classification/training/labelled_data.h"
#include "veche/classification/v1/classification.pb.h"

// Trains a candidate from decisions and scores it.

namespace veche::classification {

// A text with the labels that a person gave it.
struct DecidedText {
  LabelledText labelled;
  std::string staff;  // "staff/{id}" who decided
  absl::Time time;
};

struct CandidateOptions {
  // The model in use, and the time of the newest decision that it was trained on: it is compared on
  // later decisions only.
  std::shared_ptr<const Classifier> active;
  absl::Time active_until = absl::InfinitePast();
  BaseExamples base = {};
  std::function<bool()> cancelled = {};  // called now and then; true ends the training
};

struct CandidateModel {
  std::string version;
  std::string bytes;
  std::string source;
  int64_t examples = 0;
  int64_t categories = 0;
  double accuracy = 0;  // in cross-validation
  v1::Scores scores;
  PairsByPerson newest = {};  // against the model in use, on the decisions held out
};

// Trains a model on options.base and `texts` (oldest first) and scores it: a second model, trained
// without the newest fifth of the texts, and the model in use are both tested on that fifth.
// FailedPrecondition when there are neither decisions nor base data; Cancelled.
absl::StatusOr<CandidateModel> TrainCandidate(const std::vector<DecidedText>& texts,
                                              const CandidateOptions& options);

}  // namespace veche::classification

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/learning/ground.h"
#include "services/classification/learning/statistics.h"
#include "services/classification/training/labelled_data.h"
#include "veche/classification/v1/classification.pb.h"

// The seam to the trainer: decisions in, a scored model out.

namespace veche::classification {

// A text that a person gave labels to.
struct DecidedText {
  LabelledText labelled;
  std::string staff;  // who
  absl::Time time;
};

struct CandidateOptions {
  // The model in use, and the newest decision that it was trained on: only what came after is a
  // fair question to it.
  std::shared_ptr<const Classifier> active;
  absl::Time active_until = absl::InfinitePast();
  Ground ground = {};
  std::function<bool()> cancelled = {};  // asked now and then
};

struct MadeCandidate {
  std::string version;
  std::string bytes;
  std::string source;
  int64_t examples = 0;
  int64_t categories = 0;
  double accuracy = 0;  // in cross-validation
  v1::Scores scores;
  PairsByPerson newest = {};  // against the model in use, of the decisions held back for that
};

// Trains a model on the ground and `texts` (oldest first), and scores it: the same training without
// the newest fifth of the texts is asked about that fifth, and so is the model in use.
// FailedPrecondition when there is nothing to learn from; Cancelled.
absl::StatusOr<MadeCandidate> MakeCandidate(const std::vector<DecidedText>& texts,
                                            const CandidateOptions& options);

}  // namespace veche::classification

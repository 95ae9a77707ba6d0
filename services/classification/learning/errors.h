#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "veche/classification/v1/classification.pb.h"

// Every error of classification that a client may branch on. The comment is the reason's meaning.

namespace veche::classification {

// UNKNOWN_CATEGORY: a correction names a category that no model can learn.
absl::Status UnknownCategory(absl::string_view category);
// NOT_FOUND, UNKNOWN_MODEL with metadata version.
absl::Status UnknownModel(absl::string_view version);
// FAILED_PRECONDITION, ALREADY_ACTIVE.
absl::Status AlreadyActive(absl::string_view version);
// FAILED_PRECONDITION, NOT_BETTER with metadata low, high, pValue and of: the difference may be
// chance.
absl::Status NotBetter(const v1::Comparison& comparison);
// FAILED_PRECONDITION, MODEL_UNUSABLE with metadata problem: the model's bytes are deleted,
// damaged, or of another version of the program.
absl::Status ModelUnusable(absl::string_view version, absl::string_view problem);
// FAILED_PRECONDITION, NOTHING_TO_ROLL_BACK: the built-in model is in use.
absl::Status NothingToRollBack();
// ABORTED, CHANGED_MEANWHILE: another model was put into use at the same time.
absl::Status ChangedMeanwhile();
// CHANGED_MEANWHILE: the training that ran has just ended.
absl::Status TrainingEnded();

}  // namespace veche::classification

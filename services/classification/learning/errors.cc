#include "services/classification/learning/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kDomain = "classification";

}  // namespace

absl::Status UnknownCategory(absl::string_view category) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "UNKNOWN_CATEGORY",
                   {{"category", category}});
}

absl::Status UnknownModel(absl::string_view version) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "UNKNOWN_MODEL", {{"version", version}});
}

absl::Status AlreadyActive(absl::string_view version) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "ALREADY_ACTIVE",
                   {{"version", version}});
}

absl::Status NotBetter(const v1::Comparison& comparison) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOT_BETTER",
                   {{"low", absl::StrCat(comparison.low())},
                    {"high", absl::StrCat(comparison.high())},
                    {"pValue", absl::StrCat(comparison.p_value())},
                    {"of", absl::StrCat(comparison.of())}});
}

absl::Status ModelUnusable(absl::string_view version, absl::string_view problem) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "MODEL_UNUSABLE",
                   {{"version", version}, {"problem", problem}});
}

absl::Status NothingToRollBack() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOTHING_TO_ROLL_BACK");
}

absl::Status ChangedMeanwhile() {
  return MakeError(absl::StatusCode::kAborted, kDomain, "CHANGED_MEANWHILE");
}

absl::Status TrainingEnded() {
  return MakeError(absl::StatusCode::kAborted, kDomain, "CHANGED_MEANWHILE", {}, "TRAINING_ENDED");
}

}  // namespace veche::classification

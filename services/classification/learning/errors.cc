#include "services/classification/learning/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kDomain = "classification";

}  // namespace

absl::Status UnknownCategory(absl::string_view category) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "UNKNOWN_CATEGORY",
                   "There is no such category to learn. Send one of the directory's categories.",
                   {{"category", category}});
}

absl::Status UnknownModel(absl::string_view version) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "UNKNOWN_MODEL",
                   "There is no such model. List the models for their versions.",
                   {{"version", version}});
}

absl::Status AlreadyActive(absl::string_view version) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "ALREADY_ACTIVE",
                   "This model is in use already.", {{"version", version}});
}

absl::Status NotBetter(const v1::Comparison& comparison) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, kDomain, "NOT_BETTER",
      "The model is not better than the one in use beyond chance. Let it run in shadow until more "
      "is decided, or force it with a reason.",
      {{"low", absl::StrCat(comparison.low())},
       {"high", absl::StrCat(comparison.high())},
       {"pValue", absl::StrCat(comparison.p_value())},
       {"of", absl::StrCat(comparison.of())}});
}

absl::Status ModelUnusable(absl::string_view version, absl::string_view problem) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "MODEL_UNUSABLE",
                   "This model cannot be used by this program. Train a new one.",
                   {{"version", version}, {"problem", problem}});
}

absl::Status NothingToRollBack() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOTHING_TO_ROLL_BACK",
                   "The built-in model is in use; there is none before it.");
}

absl::Status ChangedMeanwhile() {
  return MakeError(absl::StatusCode::kAborted, kDomain, "CHANGED_MEANWHILE",
                   "Another model was put into use at the same time. List the models and decide "
                   "anew.");
}

}  // namespace veche::classification

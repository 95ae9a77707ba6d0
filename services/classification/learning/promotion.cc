#include "services/classification/learning/promotion.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/learning/errors.h"
#include "services/classification/learning/scores.h"

namespace veche::classification {
namespace {

constexpr int64_t kShadowWindow = 20'000;
constexpr int kNewest = 5;       // models that are kept in any state
constexpr int kMostModels = 50;  // that one call looks at

absl::Status Activate(sql::Transaction& transaction, ModelStore& models, const Activation& current,
                      const std::string& version, int64_t below, absl::string_view action,
                      const ModelChange& change) {
  const absl::Status added = models.AddActivation(transaction, {.seq = current.seq + 1,
                                                                .version = version,
                                                                .below = below,
                                                                .action = std::string(action),
                                                                .actor = change.actor,
                                                                .reason = change.reason,
                                                                .forced = change.forced,
                                                                .time = change.now});
  if (absl::IsAlreadyExists(added)) return ChangedMeanwhile();
  RETURN_IF_ERROR(added);
  if (version.empty()) return absl::OkStatus();
  return models.SetState(transaction, version, ModelState::kActive, change.reason);
}

// Whether nobody has promoted or rejected the model yet.
bool IsFresh(const ModelRecord& model) {
  return model.state == ModelState::kCandidate || model.state == ModelState::kShadow;
}

// The activation that a roll-back from `current` returns to: the nearest one whose model is still
// stored.
absl::StatusOr<Activation> FindBelow(sql::Transaction& transaction, ModelStore& models,
                                     const Activation& current) {
  for (int64_t seq = current.below; seq != 0;) {
    ASSIGN_OR_RETURN(const std::optional<Activation> below,
                     models.FindActivation(transaction, seq));
    if (!below || below->version.empty()) break;
    ASSIGN_OR_RETURN(const std::optional<ModelRecord> model,
                     models.FindModel(transaction, below->version));
    if (model) return *below;
    seq = below->below;
  }
  return Activation{};
}

}  // namespace

absl::StatusOr<v1::Scores> ScoresNow(sql::Transaction& transaction, ModelStore& models,
                                     ExampleStore& examples, const ModelRecord& model,
                                     const std::string& active) {
  v1::Scores scores = model.scores;
  if (IsFresh(model) && scores.compared_with() != active) {
    scores.set_compared_with(active);
    scores.clear_active_category();
    scores.clear_newest();
  }
  PairsByPerson total;
  if (scores.has_newest()) {
    ASSIGN_OR_RETURN(total, models.FindPairs(transaction, model.version));
  }
  ASSIGN_OR_RETURN(
      const Tally agreement,
      examples.ShadowAgreement(transaction, model.version, scores.compared_with(), kShadowWindow));
  ASSIGN_OR_RETURN(
      const PairsByPerson shadow,
      examples.ShadowPairs(transaction, model.version, scores.compared_with(), kShadowWindow));
  if (agreement.of > 0) *scores.mutable_shadow_agreement() = ToShare(agreement);
  if (!shadow.empty()) *scores.mutable_shadow() = ToComparison(shadow);
  for (const auto& [person, pairs] : shadow) total[person] += pairs;
  *scores.mutable_total() = ToComparison(total);
  return scores;
}

absl::Status Promote(sql::Transaction& transaction, ModelStore& models, ExampleStore& examples,
                     const std::string& version, const ModelInUse& in_use,
                     const ModelChange& change) {
  ASSIGN_OR_RETURN(const std::optional<ModelRecord> model, models.FindModel(transaction, version));
  if (!model) return UnknownModel(version);
  ASSIGN_OR_RETURN(const Activation current, models.CurrentActivation(transaction));
  if (current.version == version) return AlreadyActive(version);
  if (!change.forced) {
    if (current.seq != in_use.seq) return ChangedMeanwhile();
    ASSIGN_OR_RETURN(const v1::Scores scores,
                     ScoresNow(transaction, models, examples, *model, in_use.version));
    if (!IsFresh(*model) || !scores.total().better()) return NotBetter(scores.total());
  }
  if (!current.version.empty()) {
    RETURN_IF_ERROR(models.SetState(transaction, current.version, ModelState::kRetired,
                                    absl::StrCat("Replaced by ", version, ".")));
  }
  return Activate(transaction, models, current, version, current.seq, "PROMOTE", change);
}

absl::StatusOr<Activation> ActivateFile(sql::Transaction& transaction, ModelStore& models,
                                        const ModelRecord& model, const std::string& bytes,
                                        const ModelChange& change) {
  ASSIGN_OR_RETURN(const bool known, models.WasActive(transaction, model.version));
  ASSIGN_OR_RETURN(const Activation current, models.CurrentActivation(transaction));
  if (known) return current;
  RETURN_IF_ERROR(models.AddModel(transaction, model, bytes));
  if (!current.version.empty()) {
    RETURN_IF_ERROR(models.SetState(transaction, current.version, ModelState::kRetired,
                                    absl::StrCat("Replaced by ", model.version, ".")));
  }
  RETURN_IF_ERROR(
      Activate(transaction, models, current, model.version, current.seq, "FILE", change));
  return models.CurrentActivation(transaction);
}

absl::Status RollBack(sql::Transaction& transaction, ModelStore& models,
                      const ModelChange& change) {
  ASSIGN_OR_RETURN(const Activation current, models.CurrentActivation(transaction));
  if (current.version.empty()) return NothingToRollBack();
  ASSIGN_OR_RETURN(const Activation below, FindBelow(transaction, models, current));
  RETURN_IF_ERROR(models.SetState(
      transaction, current.version, ModelState::kRejected,
      absl::StrCat("Rolled back.", change.reason.empty() ? "" : " ", change.reason)));
  return Activate(transaction, models, current, below.version, below.below, "ROLL_BACK", change);
}

absl::StatusOr<std::vector<std::string>> DeleteOldModels(sql::Transaction& transaction,
                                                         ModelStore& models) {
  ASSIGN_OR_RETURN(const std::vector<ModelRecord> all, models.ListModels(transaction, kMostModels));
  ASSIGN_OR_RETURN(const Activation current, models.CurrentActivation(transaction));
  ASSIGN_OR_RETURN(const Activation below, FindBelow(transaction, models, current));
  std::set<std::string> kept = {current.version, below.version};
  for (size_t i = 0; i < all.size() && i < kNewest; ++i) kept.insert(all[i].version);
  for (const ModelRecord& model : all) {
    if (!kept.contains(model.version)) {
      RETURN_IF_ERROR(models.DeleteModel(transaction, model.version));
    }
  }
  kept.erase("");
  return std::vector<std::string>(kept.begin(), kept.end());
}

}  // namespace veche::classification

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/classification/domain/statistics.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// Both are stored as numbers, which are those of the wire; do not change a number.
enum class ModelState { kCandidate = 1, kShadow = 2, kActive = 3, kRetired = 4, kRejected = 5 };
enum class TrainingState { kRunning = 1, kDone = 2, kFailed = 3 };

// A model that this city trained, without its bytes.
struct ModelRecord {
  std::string version;
  ModelState state = ModelState::kCandidate;
  std::string source;  // names of the training data
  int64_t examples = 0;
  int64_t categories = 0;
  double accuracy = 0;  // in cross-validation
  std::string reason;   // why the model has this state
  absl::Time created;
  v1::Scores scores = {};
};

// A row of the history of models in use.
struct Activation {
  int64_t seq = 0;      // 1, 2, …; 0: no activation yet, the built-in model is in use
  std::string version;  // "": the built-in model
  int64_t below = 0;    // seq of the activation that a roll-back returns to
  std::string action;   // "PROMOTE", "ROLL_BACK", "FILE"
  std::string actor;    // "staff/{id}", "operator", "" for the service
  std::string reason;
  bool forced = false;
  absl::Time time;
};

// A run of training.
struct TrainingRecord {
  std::string id;
  TrainingState state = TrainingState::kRunning;
  std::string requester;  // "staff/{id}", "" for the nightly run
  std::string owner;      // the process that trains, "" while the run waits
  absl::Time started;
  std::optional<absl::Time> ended;
  std::string version;  // of the model that was trained
  std::string reason;   // why the run failed or waits
};

// The tables models, activations and trainings. Each method is one step that must be atomic with
// what its caller does, so it runs in the caller's transaction; methods that only read accept a
// reading transaction. Errors are those of sql::Transaction, and DataLoss when stored scores cannot
// be parsed. Thread-safe.
class ModelStore {
 public:
  // --- Models. ---

  // Adds a model with its bytes; does nothing if the version exists.
  absl::Status AddModel(sql::Transaction& transaction, const ModelRecord& model,
                        absl::string_view bytes);
  absl::StatusOr<std::optional<ModelRecord>> FindModel(sql::Transaction& transaction,
                                                       absl::string_view version);
  // Stores the model's scores, and the pairs on the newest decisions, by person, in place of former
  // ones.
  absl::Status SetScores(sql::Transaction& transaction, absl::string_view version,
                         const v1::Scores& scores, const PairsByPerson& newest);
  // The pairs of the last SetScores.
  absl::StatusOr<PairsByPerson> FindPairs(sql::Transaction& transaction, absl::string_view version);
  // Newest first.
  absl::StatusOr<std::vector<ModelRecord>> ListModels(sql::Transaction& transaction, int limit);
  absl::StatusOr<std::vector<ModelRecord>> ListInState(sql::Transaction& transaction,
                                                       ModelState state, int limit);
  absl::Status SetState(sql::Transaction& transaction, absl::string_view version, ModelState state,
                        absl::string_view reason);
  // The model's bytes; "" when the model is unknown or was deleted.
  absl::StatusOr<std::string> ReadBytes(sql::Transaction& transaction, absl::string_view version);
  // Deletes the model with its bytes and pairs; activations stay.
  absl::Status DeleteModel(sql::Transaction& transaction, absl::string_view version);

  // --- Activations. ---

  // The newest activation; seq is 0 when there is none.
  absl::StatusOr<Activation> CurrentActivation(sql::Transaction& transaction);
  absl::StatusOr<std::optional<Activation>> FindActivation(sql::Transaction& transaction,
                                                           int64_t seq);
  // Whether the model was ever in use.
  absl::StatusOr<bool> WasActive(sql::Transaction& transaction, absl::string_view version);
  // AlreadyExists when another process has added an activation with this seq.
  absl::Status AddActivation(sql::Transaction& transaction, const Activation& activation);

  // --- Trainings: at most one waits or runs. ---

  // Adds a run that waits; does nothing if one waits or runs.
  absl::Status RequestTraining(sql::Transaction& transaction, const TrainingRecord& training);
  // Gives the waiting run to `owner` until `lease`; nullopt when none waits.
  absl::StatusOr<std::optional<TrainingRecord>> ClaimTraining(sql::Transaction& transaction,
                                                              absl::string_view owner,
                                                              absl::Time lease);
  absl::Status RenewLease(sql::Transaction& transaction, absl::string_view owner, absl::Time lease);
  // Sets the state of the owner's run. With kRunning the run waits again, for the reason given;
  // otherwise it has ended. False when the owner has no run any more.
  absl::StatusOr<bool> EndTraining(sql::Transaction& transaction, absl::string_view owner,
                                   TrainingState state, absl::Time now, absl::string_view version,
                                   absl::string_view reason);
  // Marks runs whose lease ended before `lease_before` as failed; returns how many.
  absl::StatusOr<int64_t> FailExpired(sql::Transaction& transaction, absl::Time lease_before,
                                      absl::Time now, absl::string_view reason);
  // The run that waits or runs.
  absl::StatusOr<std::optional<TrainingRecord>> RunningTraining(sql::Transaction& transaction);
  absl::StatusOr<std::optional<TrainingRecord>> NewestTraining(sql::Transaction& transaction);
  // When the newest run with state kDone started; InfinitePast when there is none.
  absl::StatusOr<absl::Time> StartOfNewestDone(sql::Transaction& transaction);
  // Deletes at most `limit` ended runs that started before `before`.
  absl::Status PruneTrainings(sql::Transaction& transaction, absl::Time before, int limit);
};

}  // namespace veche::classification

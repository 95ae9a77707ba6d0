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
#include "services/classification/learning/statistics.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// Both are stored as numbers, so none ever changes; they are those of the wire.
enum class ModelState { kCandidate = 1, kShadow = 2, kActive = 3, kRetired = 4, kRejected = 5 };
enum class TrainingState { kRunning = 1, kDone = 2, kFailed = 3 };

// A model of this city. The bytes are kept beside it.
struct ModelRecord {
  std::string version;
  ModelState state = ModelState::kCandidate;
  std::string source;  // what it was trained on
  int64_t examples = 0;
  int64_t categories = 0;
  double accuracy = 0;  // in cross-validation
  std::string reason;   // why it has this state
  absl::Time created;
  v1::Scores scores = {};
};

// That a model was put into use.
struct Activation {
  int64_t seq = 0;      // 1, 2, …; 0: none, the built-in model
  std::string version;  // "": the built-in model
  int64_t below = 0;    // seq of the one to go back to
  std::string action;   // "PROMOTE", "ROLL_BACK", "FILE"
  std::string actor;    // "staff/{id}", "operator", "" for the service
  std::string reason;
  bool forced = false;
  absl::Time time;
};

// What a process knows of the model in use.
struct InUse {
  int64_t seq = 0;              // of the activation that it looked at last
  std::string version;          // of the model that answers
  std::string unreadable = {};  // the one that should answer and cannot be read; "" for none
  std::string reason = {};      // why it cannot
};

struct TrainingRecord {
  std::string id;
  TrainingState state = TrainingState::kRunning;
  std::string requester;  // "staff/{id}", "" for the nightly one
  std::string owner;      // the process that does it, "" while it waits
  absl::Time started;
  std::optional<absl::Time> ended;
  std::string version;
  std::string reason;
};

// Keeps models, which of them is in use, and the runs that make them. Errors are those of
// sql::Transaction. Thread-safe.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  // Writes a model with its bytes; one that is there stays as it is.
  virtual absl::Status AddModel(sql::Transaction& transaction, const ModelRecord& model,
                                absl::string_view bytes) = 0;
  virtual absl::StatusOr<std::optional<ModelRecord>> FindModel(sql::Transaction& transaction,
                                                               absl::string_view version) = 0;
  // Sets how good a model is, and by whose decisions that was found on the newest of them.
  virtual absl::Status SetScores(sql::Transaction& transaction, absl::string_view version,
                                 const v1::Scores& scores, const PairsByPerson& newest) = 0;
  // Those of the newest scores.
  virtual absl::StatusOr<PairsByPerson> FindPairs(sql::Transaction& transaction,
                                                  absl::string_view version) = 0;
  // Newest first.
  virtual absl::StatusOr<std::vector<ModelRecord>> ListModels(sql::Transaction& transaction,
                                                              int limit) = 0;
  virtual absl::StatusOr<std::vector<ModelRecord>> ListInState(sql::Transaction& transaction,
                                                               ModelState state, int limit) = 0;
  virtual absl::Status SetState(sql::Transaction& transaction, absl::string_view version,
                                ModelState state, absl::string_view reason) = 0;
  // "" when they are no longer kept.
  virtual absl::StatusOr<std::string> ReadBytes(sql::Transaction& transaction,
                                                absl::string_view version) = 0;
  // Forgets all about a model.
  virtual absl::Status Delete(sql::Transaction& transaction, absl::string_view version) = 0;

  // The newest activation; one with seq 0 when there was none.
  virtual absl::StatusOr<Activation> Current(sql::Transaction& transaction) = 0;
  virtual absl::StatusOr<std::optional<Activation>> FindActivation(sql::Transaction& transaction,
                                                                   int64_t seq) = 0;
  // Whether a model was ever put into use.
  virtual absl::StatusOr<bool> WasActive(sql::Transaction& transaction,
                                         absl::string_view version) = 0;
  // AlreadyExists when `seq` is taken: somebody was faster.
  virtual absl::Status AddActivation(sql::Transaction& transaction,
                                     const Activation& activation) = 0;

  // Writes a run that waits, unless one is running already.
  virtual absl::Status RequestTraining(sql::Transaction& transaction,
                                       const TrainingRecord& training) = 0;
  // Takes the run that waits for `owner` until the lease ends; nothing when none waits.
  virtual absl::StatusOr<std::optional<TrainingRecord>> ClaimTraining(sql::Transaction& transaction,
                                                                      absl::string_view owner,
                                                                      absl::Time lease) = 0;
  virtual absl::Status RenewLease(sql::Transaction& transaction, absl::string_view owner,
                                  absl::Time lease) = 0;
  // Ends the run of `owner`; false when it is no longer theirs. Back to waiting with kRunning, for
  // what `reason` says.
  virtual absl::StatusOr<bool> EndTraining(sql::Transaction& transaction, absl::string_view owner,
                                           TrainingState state, absl::Time now,
                                           absl::string_view version, absl::string_view reason) = 0;
  // Ends runs whose owner let the lease pass, as one that was killed does.
  virtual absl::StatusOr<int64_t> FailLost(sql::Transaction& transaction, absl::Time lease_before,
                                           absl::Time now, absl::string_view reason) = 0;
  // The one that waits or runs.
  virtual absl::StatusOr<std::optional<TrainingRecord>> RunningTraining(
      sql::Transaction& transaction) = 0;
  virtual absl::StatusOr<std::optional<TrainingRecord>> NewestTraining(
      sql::Transaction& transaction) = 0;
  // When the newest one that is DONE began; the infinite past when there is none.
  virtual absl::StatusOr<absl::Time> NewestDone(sql::Transaction& transaction) = 0;
  // Forgets runs that began before; at most `limit`.
  virtual absl::Status PruneTrainings(sql::Transaction& transaction, absl::Time before,
                                      int limit) = 0;
};

}  // namespace veche::classification

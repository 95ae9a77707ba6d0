#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/classification/storage/example_store.h"
#include "services/classification/storage/model_store.h"

// Which model is in use, and how another model replaces it. Every function runs in the caller's
// transaction.

namespace veche::classification {

// What a process knows of the model in use.
struct ModelInUse {
  int64_t seq = 0;              // of the activation that the process looked at last
  std::string version;          // of the model that answers
  std::string unreadable = {};  // the model that should answer and cannot be read; "" for none
  std::string reason = {};      // why it cannot be read
};

// Who changes the model in use, and why; stored with the activation.
struct ModelChange {
  std::string actor;  // "staff/{id}", "operator", "" for the service
  std::string reason;
  bool forced = false;
  absl::Time now;
};

// The model's scores with its comparison in shadow so far. A candidate is compared with the version
// `active`, which answers now: a comparison with another model does not count. Other models keep
// the comparison that they have.
absl::StatusOr<v1::Scores> ScoresNow(sql::Transaction& transaction, ModelStore& models,
                                     ExampleStore& examples, const ModelRecord& model,
                                     const std::string& active);

// Puts the model into use; the former one becomes kRetired. NotFound (UNKNOWN_MODEL),
// FailedPrecondition (ALREADY_ACTIVE; NOT_BETTER than `in_use`, unless change.forced), Aborted
// (CHANGED_MEANWHILE) when another process changed the model in use after `in_use` was read.
absl::Status Promote(sql::Transaction& transaction, ModelStore& models, ExampleStore& examples,
                     const std::string& version, const ModelInUse& in_use,
                     const ModelChange& change);

// Puts the model of an operator's file into use, unless it was ever in use: then a later change
// replaced it on purpose. Returns the activation that is current afterwards.
absl::StatusOr<Activation> ActivateFile(sql::Transaction& transaction, ModelStore& models,
                                        const ModelRecord& model, const std::string& bytes,
                                        const ModelChange& change);

// Puts the previous model into use, skipping deleted ones, and rejects the current model.
// FailedPrecondition (NOTHING_TO_ROLL_BACK) when the built-in model is in use.
absl::Status RollBack(sql::Transaction& transaction, ModelStore& models, const ModelChange& change);

// Deletes all models but the one in use, the one that a roll-back returns to, and the newest five.
// Returns the versions that stay.
absl::StatusOr<std::vector<std::string>> DeleteOldModels(sql::Transaction& transaction,
                                                         ModelStore& models);

}  // namespace veche::classification

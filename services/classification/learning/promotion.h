#pragma once

#include <string>
#include <vector>

#include "services/classification/storage/example_store.h"
#include "services/classification/storage/model_store.h"

// Which model is in use, and how another takes its place. All inside the caller's transaction.

namespace veche::classification {

// Who changes it, and why; kept with the activation.
struct Order {
  std::string actor;  // "staff/{id}", "operator", "" for the service
  std::string reason;
  bool forced = false;
  absl::Time now;
};

// The model's scores with what it has shown as a shadow until now. A candidate is compared with the
// version `active`, which answers now: what was found against another model does not count. Other
// models keep the comparison that they had.
absl::StatusOr<v1::Scores> ScoresNow(sql::Transaction& transaction, ModelStore& models,
                                     ExampleStore& examples, const ModelRecord& model,
                                     const std::string& active);

// Puts the model into use; the one before is retired. NotFound (UNKNOWN_MODEL), FailedPrecondition
// (ALREADY_ACTIVE; NOT_BETTER than the one of `in_use` unless forced), Aborted when another process
// was faster or `in_use` is no longer so.
absl::Status Promote(sql::Transaction& transaction, ModelStore& models, ExampleStore& examples,
                     const std::string& version, const InUse& in_use, const Order& order);

// Puts a model of an operator's file into use, unless it was in use before: then they, or staff
// after them, have decided already. Returns what is in use afterwards.
absl::StatusOr<Activation> TakeFile(sql::Transaction& transaction, ModelStore& models,
                                    const ModelRecord& model, const std::string& bytes,
                                    const Order& order);

// Puts the model into use that was before, past those that are no longer kept, and rejects the one
// in use. FailedPrecondition (NOTHING_TO_ROLL_BACK).
absl::Status RollBack(sql::Transaction& transaction, ModelStore& models, const Order& order);

// Versions to keep: in use, the one to go back to, and the newest few. Deletes the others.
absl::StatusOr<std::vector<std::string>> KeepFew(sql::Transaction& transaction, ModelStore& models);

}  // namespace veche::classification

#pragma once

#include "services/classification/storage/model_store.h"

namespace veche::classification {

class SqlModelStore final : public ModelStore {
 public:
  absl::Status AddModel(sql::Transaction& transaction, const ModelRecord& model,
                        absl::string_view bytes) override;
  absl::StatusOr<std::optional<ModelRecord>> FindModel(sql::Transaction& transaction,
                                                       absl::string_view version) override;
  absl::Status SetScores(sql::Transaction& transaction, absl::string_view version,
                         const v1::Scores& scores, const PairsByPerson& newest) override;
  absl::StatusOr<PairsByPerson> FindPairs(sql::Transaction& transaction,
                                          absl::string_view version) override;
  absl::StatusOr<std::vector<ModelRecord>> ListModels(sql::Transaction& transaction,
                                                      int limit) override;
  absl::StatusOr<std::vector<ModelRecord>> ListInState(sql::Transaction& transaction,
                                                       ModelState state, int limit) override;
  absl::Status SetState(sql::Transaction& transaction, absl::string_view version, ModelState state,
                        absl::string_view reason) override;
  absl::StatusOr<std::string> ReadBytes(sql::Transaction& transaction,
                                        absl::string_view version) override;
  absl::Status Delete(sql::Transaction& transaction, absl::string_view version) override;
  absl::StatusOr<Activation> Current(sql::Transaction& transaction) override;
  absl::StatusOr<std::optional<Activation>> FindActivation(sql::Transaction& transaction,
                                                           int64_t seq) override;
  absl::StatusOr<bool> WasActive(sql::Transaction& transaction, absl::string_view version) override;
  absl::Status AddActivation(sql::Transaction& transaction, const Activation& activation) override;
  absl::Status RequestTraining(sql::Transaction& transaction,
                               const TrainingRecord& training) override;
  absl::StatusOr<std::optional<TrainingRecord>> ClaimTraining(sql::Transaction& transaction,
                                                              absl::string_view owner,
                                                              absl::Time lease) override;
  absl::Status RenewLease(sql::Transaction& transaction, absl::string_view owner,
                          absl::Time lease) override;
  absl::StatusOr<bool> EndTraining(sql::Transaction& transaction, absl::string_view owner,
                                   TrainingState state, absl::Time now, absl::string_view version,
                                   absl::string_view reason) override;
  absl::StatusOr<int64_t> FailLost(sql::Transaction& transaction, absl::Time lease_before,
                                   absl::Time now, absl::string_view reason) override;
  absl::StatusOr<std::optional<TrainingRecord>> RunningTraining(
      sql::Transaction& transaction) override;
  absl::StatusOr<std::optional<TrainingRecord>> NewestTraining(
      sql::Transaction& transaction) override;
  absl::StatusOr<absl::Time> NewestDone(sql::Transaction& transaction) override;
  absl::Status PruneTrainings(sql::Transaction& transaction, absl::Time before, int limit) override;
};

}  // namespace veche::classification

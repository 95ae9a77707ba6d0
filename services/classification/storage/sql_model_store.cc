#include "services/classification/storage/sql_model_store.h"

#include <algorithm>

#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::classification {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr int kMostChunks = 64;
constexpr int kMostPeople = 100'000;  // as many as decisions

absl::StatusOr<ModelRecord> ReadModel(const sql::Row& row) {
  ModelRecord model{.version = row.Text(0),
                    .state = static_cast<ModelState>(row.Int(1)),
                    .source = row.Text(2),
                    .examples = row.Int(3),
                    .categories = row.Int(4),
                    .accuracy = row.Double(5),
                    .reason = row.Text(6),
                    .created = FromMicros(row.Int(7))};
  if (!model.scores.ParseFromString(row.Bytes(8))) {
    return absl::DataLossError("the scores of a model cannot be read");
  }
  return model;
}

absl::StatusOr<std::vector<ModelRecord>> ReadModels(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<ModelRecord> models;
  for (const sql::Row& row : *rows) {
    ASSIGN_OR_RETURN(models.emplace_back(), ReadModel(row));
  }
  return models;
}

Activation ReadActivation(const sql::Row& row) {
  return {.seq = row.Int(0),
          .version = row.Text(1),
          .below = row.Int(2),
          .action = row.Text(3),
          .actor = row.Text(4),
          .reason = row.Text(5),
          .forced = row.Bool(6),
          .time = FromMicros(row.Int(7))};
}

TrainingRecord ReadTraining(const sql::Row& row) {
  TrainingRecord training{.id = row.Text(0),
                          .state = static_cast<TrainingState>(row.Int(1)),
                          .requester = row.Text(2),
                          .owner = row.Text(3),
                          .started = FromMicros(row.Int(4)),
                          .ended = std::nullopt,
                          .version = row.Text(6),
                          .reason = row.Text(7)};
  if (!row.IsNull(5)) training.ended = FromMicros(row.Int(5));
  return training;
}

}  // namespace

absl::Status SqlModelStore::AddModel(sql::Transaction& transaction, const ModelRecord& model,
                                     absl::string_view bytes) {
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute("INSERT INTO models (version, state, source, examples, categories, "
                          "accuracy, reason, create_time, scores) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                          "ON CONFLICT (version) DO NOTHING",
                          model.version, static_cast<int>(model.state), model.source,
                          model.examples, model.categories, model.accuracy, model.reason,
                          ToMicros(model.created), sql::Blob{model.scores.SerializeAsString()}));
  if (added == 0) return absl::OkStatus();
  for (size_t chunk = 0; chunk * kChunk < bytes.size(); ++chunk) {
    RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO model_chunks (version, chunk, bytes) VALUES ($1, $2, $3)",
                     model.version, chunk,
                     sql::Blob{std::string(bytes.substr(chunk * kChunk, kChunk))})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<ModelRecord>> SqlModelStore::FindModel(sql::Transaction& transaction,
                                                                    absl::string_view version) {
  ASSIGN_OR_RETURN(auto models,
                   ReadModels(transaction.Query(
                       "SELECT version, state, source, examples, categories, accuracy, reason, "
                       "create_time, scores FROM models WHERE version = $1",
                       version)));
  if (models.empty()) return std::nullopt;
  return std::move(models[0]);
}

absl::Status SqlModelStore::SetScores(sql::Transaction& transaction, absl::string_view version,
                                      const v1::Scores& scores, const PairsByPerson& newest) {
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE models SET scores = $1 WHERE version = $2",
                               sql::Blob{scores.SerializeAsString()}, version)
                      .status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM model_pairs WHERE version = $1", version).status());
  for (const auto& [staff, pairs] : newest) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO model_pairs (version, staff, cases, gained, lost) "
                                 "VALUES ($1, $2, $3, $4, $5)",
                                 version, staff, pairs.of, pairs.gained, pairs.lost)
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<PairsByPerson> SqlModelStore::FindPairs(sql::Transaction& transaction,
                                                       absl::string_view version) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT staff, cases, gained, lost FROM model_pairs "
                                     "WHERE version = $1 LIMIT $2",
                                     version, kMostPeople));
  PairsByPerson pairs;
  for (const sql::Row& row : rows) {
    pairs[row.Text(0)] = {.of = row.Int(1), .gained = row.Int(2), .lost = row.Int(3)};
  }
  return pairs;
}

absl::StatusOr<std::vector<ModelRecord>> SqlModelStore::ListModels(sql::Transaction& transaction,
                                                                   int limit) {
  return ReadModels(
      transaction.Query("SELECT version, state, source, examples, categories, accuracy, reason, "
                        "create_time, scores FROM models "
                        "ORDER BY create_time DESC, version LIMIT $1",
                        limit));
}

absl::StatusOr<std::vector<ModelRecord>> SqlModelStore::ListInState(sql::Transaction& transaction,
                                                                    ModelState state, int limit) {
  return ReadModels(
      transaction.Query("SELECT version, state, source, examples, categories, accuracy, reason, "
                        "create_time, scores FROM models WHERE state = $1 "
                        "ORDER BY create_time DESC, version LIMIT $2",
                        static_cast<int>(state), limit));
}

absl::Status SqlModelStore::SetState(sql::Transaction& transaction, absl::string_view version,
                                     ModelState state, absl::string_view reason) {
  return transaction
      .Execute("UPDATE models SET state = $1, reason = $2 WHERE version = $3",
               static_cast<int>(state), reason, version)
      .status();
}

absl::StatusOr<std::string> SqlModelStore::ReadBytes(sql::Transaction& transaction,
                                                     absl::string_view version) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT bytes FROM model_chunks WHERE version = $1 "
                                     "ORDER BY chunk LIMIT $2",
                                     version, kMostChunks));
  std::string bytes;
  for (const sql::Row& row : rows) bytes += row.Bytes(0);
  return bytes;
}

absl::Status SqlModelStore::Delete(sql::Transaction& transaction, absl::string_view version) {
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM model_chunks WHERE version = $1", version).status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM model_pairs WHERE version = $1", version).status());
  return transaction.Execute("DELETE FROM models WHERE version = $1", version).status();
}

absl::StatusOr<Activation> SqlModelStore::Current(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT seq, version, below, action, actor, reason, forced, "
                                     "activate_time FROM activations ORDER BY seq DESC LIMIT 1"));
  return rows.empty() ? Activation{} : ReadActivation(rows[0]);
}

absl::StatusOr<std::optional<Activation>> SqlModelStore::FindActivation(
    sql::Transaction& transaction, int64_t seq) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT seq, version, below, action, actor, reason, forced, "
                                     "activate_time FROM activations WHERE seq = $1",
                                     seq));
  if (rows.empty()) return std::nullopt;
  return ReadActivation(rows[0]);
}

absl::StatusOr<bool> SqlModelStore::WasActive(sql::Transaction& transaction,
                                              absl::string_view version) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT seq FROM activations WHERE version = $1 LIMIT 1", version));
  return !rows.empty();
}

absl::Status SqlModelStore::AddActivation(sql::Transaction& transaction,
                                          const Activation& activation) {
  return transaction
      .Execute(
          "INSERT INTO activations (seq, version, below, action, actor, reason, forced, "
          "activate_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
          activation.seq, activation.version, activation.below, activation.action, activation.actor,
          activation.reason, activation.forced, ToMicros(activation.time))
      .status();
}

absl::Status SqlModelStore::RequestTraining(sql::Transaction& transaction,
                                            const TrainingRecord& training) {
  return transaction
      .Execute(
          "INSERT INTO trainings (id, state, requester, owner, lease_time, start_time, "
          "end_time, version, reason) VALUES ($1, $2, $3, '', 0, $4, NULL, '', '') "
          "ON CONFLICT DO NOTHING",
          training.id, static_cast<int>(TrainingState::kRunning), training.requester,
          ToMicros(training.started))
      .status();
}

absl::StatusOr<std::optional<TrainingRecord>> SqlModelStore::ClaimTraining(
    sql::Transaction& transaction, absl::string_view owner, absl::Time lease) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("UPDATE trainings SET owner = $1, lease_time = $2, reason = '' "
                        "WHERE state = $3 AND owner = '' RETURNING id, state, "
                        "requester, owner, start_time, end_time, version, reason",
                        owner, ToMicros(lease), static_cast<int>(TrainingState::kRunning)));
  if (rows.empty()) return std::nullopt;
  return ReadTraining(rows[0]);
}

absl::Status SqlModelStore::RenewLease(sql::Transaction& transaction, absl::string_view owner,
                                       absl::Time lease) {
  return transaction
      .Execute("UPDATE trainings SET lease_time = $1 WHERE state = $2 AND owner = $3",
               ToMicros(lease), static_cast<int>(TrainingState::kRunning), owner)
      .status();
}

absl::StatusOr<bool> SqlModelStore::EndTraining(sql::Transaction& transaction,
                                                absl::string_view owner, TrainingState state,
                                                absl::Time now, absl::string_view version,
                                                absl::string_view reason) {
  const bool waits = state == TrainingState::kRunning;
  ASSIGN_OR_RETURN(
      const int64_t ended,
      transaction.Execute("UPDATE trainings SET state = $1, end_time = $2, version = $3, "
                          "reason = $4, owner = $5 WHERE state = $6 AND owner = $7",
                          static_cast<int>(state), waits ? sql::Value() : sql::Value(ToMicros(now)),
                          version, reason, waits ? absl::string_view() : owner,
                          static_cast<int>(TrainingState::kRunning), owner));
  return ended > 0;
}

absl::StatusOr<int64_t> SqlModelStore::FailLost(sql::Transaction& transaction,
                                                absl::Time lease_before, absl::Time now,
                                                absl::string_view reason) {
  return transaction.Execute(
      "UPDATE trainings SET state = $1, end_time = $2, reason = $3 "
      "WHERE state = $4 AND owner <> '' AND lease_time < $5",
      static_cast<int>(TrainingState::kFailed), ToMicros(now), reason,
      static_cast<int>(TrainingState::kRunning), ToMicros(lease_before));
}

absl::StatusOr<std::optional<TrainingRecord>> SqlModelStore::RunningTraining(
    sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT id, state, requester, owner, start_time, end_time, "
                                     "version, reason FROM trainings WHERE state = $1 LIMIT 1",
                                     static_cast<int>(TrainingState::kRunning)));
  if (rows.empty()) return std::nullopt;
  return ReadTraining(rows[0]);
}

absl::StatusOr<std::optional<TrainingRecord>> SqlModelStore::NewestTraining(
    sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT id, state, requester, owner, start_time, end_time, "
                                     "version, reason FROM trainings "
                                     "ORDER BY start_time DESC, id DESC LIMIT 1"));
  if (rows.empty()) return std::nullopt;
  return ReadTraining(rows[0]);
}

absl::StatusOr<absl::Time> SqlModelStore::NewestDone(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query("SELECT start_time FROM trainings "
                                                      "WHERE state = $1 "
                                                      "ORDER BY start_time DESC LIMIT 1",
                                                      static_cast<int>(TrainingState::kDone)));
  return rows.empty() ? absl::InfinitePast() : FromMicros(rows[0].Int(0));
}

absl::Status SqlModelStore::PruneTrainings(sql::Transaction& transaction, absl::Time before,
                                           int limit) {
  return transaction
      .Execute(
          "DELETE FROM trainings WHERE id IN (SELECT id FROM trainings WHERE state <> $1 AND "
          "start_time < $2 LIMIT $3)",
          static_cast<int>(TrainingState::kRunning), ToMicros(before), limit)
      .status();
}

}  // namespace veche::classification

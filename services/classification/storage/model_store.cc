#include "services/classification/storage/model_store.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"

namespace veche::classification {
namespace {

constexpr size_t kChunk = 256 * 1024;
constexpr int kMostChunks = 64;
constexpr int kMostPeople = 100'000;  // the most decisions of a training

template <auto kMember>
constexpr sql::Column<ModelRecord> ModelField(absl::string_view name) {
  return sql::MemberColumn<ModelRecord, kMember>(name);
}

// ReadModels reads the scores, because they may fail to parse.
constexpr sql::Column<ModelRecord> kModels[] = {
    ModelField<&ModelRecord::version>("version"),
    ModelField<&ModelRecord::state>("state"),
    ModelField<&ModelRecord::source>("source"),
    ModelField<&ModelRecord::examples>("examples"),
    ModelField<&ModelRecord::categories>("categories"),
    ModelField<&ModelRecord::accuracy>("accuracy"),
    ModelField<&ModelRecord::reason>("reason"),
    ModelField<&ModelRecord::created>("create_time"),
    {"scores",
     [](const ModelRecord& model) {
       return sql::Value(sql::Blob{model.scores.SerializeAsString()});
     },
     nullptr},
};
constexpr size_t kScores = std::size(kModels) - 1;

template <auto kMember>
constexpr sql::Column<Activation> ActivationField(absl::string_view name) {
  return sql::MemberColumn<Activation, kMember>(name);
}

constexpr sql::Column<Activation> kActivations[] = {
    ActivationField<&Activation::seq>("seq"),
    ActivationField<&Activation::version>("version"),
    ActivationField<&Activation::below>("below"),
    ActivationField<&Activation::action>("action"),
    ActivationField<&Activation::actor>("actor"),
    ActivationField<&Activation::reason>("reason"),
    ActivationField<&Activation::forced>("forced"),
    ActivationField<&Activation::time>("activate_time"),
};

template <auto kMember>
constexpr sql::Column<TrainingRecord> TrainingField(absl::string_view name) {
  return sql::MemberColumn<TrainingRecord, kMember>(name);
}

// Without the lease, which only statements compare.
constexpr sql::Column<TrainingRecord> kTrainings[] = {
    TrainingField<&TrainingRecord::id>("id"),
    TrainingField<&TrainingRecord::state>("state"),
    TrainingField<&TrainingRecord::requester>("requester"),
    TrainingField<&TrainingRecord::owner>("owner"),
    TrainingField<&TrainingRecord::started>("start_time"),
    TrainingField<&TrainingRecord::ended>("end_time"),
    TrainingField<&TrainingRecord::version>("version"),
    TrainingField<&TrainingRecord::reason>("reason"),
};

std::string SelectModels(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kModels), " FROM models ", rest);
}

std::string SelectActivations(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kActivations), " FROM activations ", rest);
}

std::string SelectTrainings(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kTrainings), " FROM trainings ", rest);
}

absl::StatusOr<std::vector<ModelRecord>> ReadModels(absl::StatusOr<std::vector<sql::Row>> rows) {
  RETURN_IF_ERROR(rows.status());
  std::vector<ModelRecord> models;
  for (const sql::Row& row : *rows) {
    ModelRecord& model = models.emplace_back(sql::ReadObject(kModels, row));
    if (!model.scores.ParseFromString(row.Bytes(kScores))) {
      return absl::DataLossError("the scores of a model cannot be read");
    }
  }
  return models;
}

std::optional<TrainingRecord> FirstTraining(const std::vector<sql::Row>& rows) {
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kTrainings, rows[0]);
}

}  // namespace

absl::Status ModelStore::AddModel(sql::Transaction& transaction, const ModelRecord& model,
                                  absl::string_view bytes) {
  ASSIGN_OR_RETURN(const int64_t added,
                   transaction.ExecuteWith(absl::StrCat(sql::InsertStatement("models", kModels),
                                                        " ON CONFLICT (version) DO NOTHING"),
                                           sql::ColumnValues(kModels, model)));
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

absl::StatusOr<std::optional<ModelRecord>> ModelStore::FindModel(sql::Transaction& transaction,
                                                                 absl::string_view version) {
  ASSIGN_OR_RETURN(auto models,
                   ReadModels(transaction.Query(SelectModels("WHERE version = $1"), version)));
  if (models.empty()) return std::nullopt;
  return std::move(models[0]);
}

absl::Status ModelStore::SetScores(sql::Transaction& transaction, absl::string_view version,
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

absl::StatusOr<PairsByPerson> ModelStore::FindPairs(sql::Transaction& transaction,
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

absl::StatusOr<std::vector<ModelRecord>> ModelStore::ListModels(sql::Transaction& transaction,
                                                                int limit) {
  return ReadModels(
      transaction.Query(SelectModels("ORDER BY create_time DESC, version LIMIT $1"), limit));
}

absl::StatusOr<std::vector<ModelRecord>> ModelStore::ListInState(sql::Transaction& transaction,
                                                                 ModelState state, int limit) {
  return ReadModels(transaction.Query(
      SelectModels("WHERE state = $1 ORDER BY create_time DESC, version LIMIT $2"),
      sql::ToValue(state), limit));
}

absl::Status ModelStore::SetState(sql::Transaction& transaction, absl::string_view version,
                                  ModelState state, absl::string_view reason) {
  return transaction
      .Execute("UPDATE models SET state = $1, reason = $2 WHERE version = $3", sql::ToValue(state),
               reason, version)
      .status();
}

absl::StatusOr<std::string> ModelStore::ReadBytes(sql::Transaction& transaction,
                                                  absl::string_view version) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT bytes FROM model_chunks WHERE version = $1 "
                                     "ORDER BY chunk LIMIT $2",
                                     version, kMostChunks));
  std::string bytes;
  for (const sql::Row& row : rows) bytes += row.Bytes(0);
  return bytes;
}

absl::Status ModelStore::DeleteModel(sql::Transaction& transaction, absl::string_view version) {
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM model_chunks WHERE version = $1", version).status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM model_pairs WHERE version = $1", version).status());
  return transaction.Execute("DELETE FROM models WHERE version = $1", version).status();
}

absl::StatusOr<Activation> ModelStore::CurrentActivation(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(SelectActivations("ORDER BY seq DESC LIMIT 1")));
  return rows.empty() ? Activation{} : sql::ReadObject(kActivations, rows[0]);
}

absl::StatusOr<std::optional<Activation>> ModelStore::FindActivation(sql::Transaction& transaction,
                                                                     int64_t seq) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query(SelectActivations("WHERE seq = $1"), seq));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kActivations, rows[0]);
}

absl::StatusOr<bool> ModelStore::WasActive(sql::Transaction& transaction,
                                           absl::string_view version) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT seq FROM activations WHERE version = $1 LIMIT 1", version));
  return !rows.empty();
}

absl::Status ModelStore::AddActivation(sql::Transaction& transaction,
                                       const Activation& activation) {
  return transaction
      .ExecuteWith(sql::InsertStatement("activations", kActivations),
                   sql::ColumnValues(kActivations, activation))
      .status();
}

absl::Status ModelStore::RequestTraining(sql::Transaction& transaction,
                                         const TrainingRecord& training) {
  return transaction
      .Execute(
          "INSERT INTO trainings (id, state, requester, owner, lease_time, start_time, "
          "end_time, version, reason) VALUES ($1, $2, $3, '', 0, $4, NULL, '', '') "
          "ON CONFLICT DO NOTHING",
          training.id, sql::ToValue(TrainingState::kRunning), training.requester,
          ToMicros(training.started))
      .status();
}

absl::StatusOr<std::optional<TrainingRecord>> ModelStore::ClaimTraining(
    sql::Transaction& transaction, absl::string_view owner, absl::Time lease) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(
                       absl::StrCat("UPDATE trainings SET owner = $1, lease_time = $2, reason = '' "
                                    "WHERE state = $3 AND owner = '' RETURNING ",
                                    sql::ColumnList(kTrainings)),
                       owner, ToMicros(lease), sql::ToValue(TrainingState::kRunning)));
  return FirstTraining(rows);
}

absl::Status ModelStore::RenewLease(sql::Transaction& transaction, absl::string_view owner,
                                    absl::Time lease) {
  return transaction
      .Execute("UPDATE trainings SET lease_time = $1 WHERE state = $2 AND owner = $3",
               ToMicros(lease), sql::ToValue(TrainingState::kRunning), owner)
      .status();
}

absl::StatusOr<bool> ModelStore::EndTraining(sql::Transaction& transaction, absl::string_view owner,
                                             TrainingState state, absl::Time now,
                                             absl::string_view version, absl::string_view reason) {
  const bool waits = state == TrainingState::kRunning;
  ASSIGN_OR_RETURN(
      const int64_t ended,
      transaction.Execute("UPDATE trainings SET state = $1, end_time = $2, version = $3, "
                          "reason = $4, owner = $5 WHERE state = $6 AND owner = $7",
                          sql::ToValue(state), waits ? sql::Value() : sql::Value(ToMicros(now)),
                          version, reason, waits ? absl::string_view() : owner,
                          sql::ToValue(TrainingState::kRunning), owner));
  return ended > 0;
}

absl::StatusOr<int64_t> ModelStore::FailExpired(sql::Transaction& transaction,
                                                absl::Time lease_before, absl::Time now,
                                                absl::string_view reason) {
  return transaction.Execute(
      "UPDATE trainings SET state = $1, end_time = $2, reason = $3 "
      "WHERE state = $4 AND owner <> '' AND lease_time < $5",
      sql::ToValue(TrainingState::kFailed), ToMicros(now), reason,
      sql::ToValue(TrainingState::kRunning), ToMicros(lease_before));
}

absl::StatusOr<std::optional<TrainingRecord>> ModelStore::RunningTraining(
    sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query(SelectTrainings("WHERE state = $1 LIMIT 1"),
                                                      sql::ToValue(TrainingState::kRunning)));
  return FirstTraining(rows);
}

absl::StatusOr<std::optional<TrainingRecord>> ModelStore::NewestTraining(
    sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query(SelectTrainings("ORDER BY start_time DESC, id DESC LIMIT 1")));
  return FirstTraining(rows);
}

absl::StatusOr<absl::Time> ModelStore::StartOfNewestDone(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto rows, transaction.Query("SELECT start_time FROM trainings "
                                                      "WHERE state = $1 "
                                                      "ORDER BY start_time DESC LIMIT 1",
                                                      sql::ToValue(TrainingState::kDone)));
  return rows.empty() ? absl::InfinitePast() : FromMicros(rows[0].Int(0));
}

absl::Status ModelStore::PruneTrainings(sql::Transaction& transaction, absl::Time before,
                                        int limit) {
  return transaction
      .Execute(
          "DELETE FROM trainings WHERE id IN (SELECT id FROM trainings WHERE state <> $1 AND "
          "start_time < $2 LIMIT $3)",
          sql::ToValue(TrainingState::kRunning), ToMicros(before), limit)
      .status();
}

}  // namespace veche::classification

#pragma once

#include "services/classification/storage/example_store.h"

namespace veche::classification {

// The column examples.place is written no more; a release that nobody goes back behind may drop it.
class SqlExampleStore final : public ExampleStore {
 public:
  absl::Status PutRouting(sql::Transaction& transaction, const Routing& routing) override;
  absl::StatusOr<std::optional<Routing>> FindRouting(sql::Transaction& transaction,
                                                     absl::string_view appeal) override;
  absl::Status PutDecision(sql::Transaction& transaction, Decided decided) override;
  absl::StatusOr<std::optional<Decided>> FindDecision(sql::Transaction& transaction,
                                                      absl::string_view appeal,
                                                      LabelKind kind) override;
  absl::StatusOr<std::vector<Decided>> ListDecisions(sql::Transaction& transaction, LabelKind kind,
                                                     const ExamplePosition& before,
                                                     int limit) override;
  absl::StatusOr<int64_t> CountDecisions(sql::Transaction& transaction, absl::Time since,
                                         int64_t limit) override;
  absl::StatusOr<std::map<std::string, int64_t>> CategoryMix(sql::Transaction& transaction,
                                                             int64_t window) override;
  absl::StatusOr<Tally> Abstained(sql::Transaction& transaction, int64_t window) override;
  absl::StatusOr<Tally> Agreement(sql::Transaction& transaction, LabelKind kind,
                                  int64_t window) override;
  absl::StatusOr<Tally> ShadowAgreement(sql::Transaction& transaction, absl::string_view shadow,
                                        absl::string_view active, int64_t window) override;
  absl::StatusOr<PairsByPerson> ShadowPairs(sql::Transaction& transaction, absl::string_view shadow,
                                            absl::string_view active, int64_t window) override;
  absl::StatusOr<int64_t> Prune(sql::Transaction& transaction, absl::Time routings_before,
                                absl::Time decisions_before, int limit) override;
};

}  // namespace veche::classification

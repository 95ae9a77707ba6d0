#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/classification/domain/decision.h"
#include "services/classification/domain/statistics.h"

namespace veche::classification {

// A position in the decisions of one kind, which are ordered by time, then appeal.
struct ExamplePosition {
  absl::Time time = absl::InfiniteFuture();
  std::string appeal = {};
};

// The tables routings and examples: what was suggested for appeals and what staff decided. No
// texts. Each method is one step that must be atomic with what its caller does, so it runs in the
// caller's transaction; methods that only read accept a reading transaction. Errors are those of
// sql::Transaction. Thread-safe.
//
// The column examples.place is no longer written; a later release may drop it.
class ExampleStore {
 public:
  // Stores the routing in place of an earlier one of the same appeal.
  absl::Status PutRouting(sql::Transaction& transaction, const Routing& routing);
  absl::StatusOr<std::optional<Routing>> FindRouting(sql::Transaction& transaction,
                                                     absl::string_view appeal);
  // Stores the decision with what the appeal's routing suggested. It replaces the stored decision
  // of the same appeal and kind if a person chose its label and it is not older, or if the stored
  // one is kKept with another label; otherwise the stored one stays.
  absl::Status PutDecision(sql::Transaction& transaction, StaffDecision decision);
  absl::StatusOr<std::optional<StaffDecision>> FindDecision(sql::Transaction& transaction,
                                                            absl::string_view appeal,
                                                            LabelKind kind);
  // At most `limit` decisions before the position `before`, newest first.
  absl::StatusOr<std::vector<StaffDecision>> ListDecisions(sql::Transaction& transaction,
                                                           LabelKind kind,
                                                           const ExamplePosition& before,
                                                           int limit);
  // The number of decisions on categories after `since`; at most `limit`.
  absl::StatusOr<int64_t> CountDecisions(sql::Transaction& transaction, absl::Time since,
                                         int64_t limit);

  // --- Figures of the newest `window` cases. ---

  // How often each category was suggested.
  absl::StatusOr<std::map<std::string, int64_t>> CategoryMix(sql::Transaction& transaction,
                                                             int64_t window);
  // Routings in which the model was not confident and left the appeal to a person.
  absl::StatusOr<Tally> Abstained(sql::Transaction& transaction, int64_t window);
  // Decisions that agree with the suggestion, of those whose suggestion is known.
  absl::StatusOr<Tally> Agreement(sql::Transaction& transaction, LabelKind kind, int64_t window);
  // Routings in which the candidate `shadow` gave the same category as the model in use, `active`.
  absl::StatusOr<Tally> ShadowAgreement(sql::Transaction& transaction, absl::string_view shadow,
                                        absl::string_view active, int64_t window);
  // The candidate `shadow` against `active` on the categories that staff decided.
  absl::StatusOr<PairsByPerson> ShadowPairs(sql::Transaction& transaction, absl::string_view shadow,
                                            absl::string_view active, int64_t window);

  // --- Retention. ---

  // Deletes at most `limit` older routings and at most `limit` older decisions of each kind.
  // Returns how many rows it deleted.
  absl::StatusOr<int64_t> Prune(sql::Transaction& transaction, absl::Time routings_before,
                                absl::Time decisions_before, int limit);
};

}  // namespace veche::classification

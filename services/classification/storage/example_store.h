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
#include "services/classification/learning/decision.h"
#include "services/classification/learning/statistics.h"

namespace veche::classification {

// A place in the examples of a kind: the newest has the greatest.
struct ExamplePosition {
  absl::Time time = absl::InfiniteFuture();
  std::string appeal = {};
};

// Cases with a yes among them.
struct Tally {
  bool operator==(const Tally&) const = default;
  int64_t yes = 0;
  int64_t of = 0;
};

// What was suggested and what people made of it; no texts. Errors are those of sql::Transaction.
// Thread-safe.
class ExampleStore {
 public:
  virtual ~ExampleStore() = default;

  // Of several routings of an appeal the latest counts.
  virtual absl::Status PutRouting(sql::Transaction& transaction, const Routing& routing) = 0;
  virtual absl::StatusOr<std::optional<Routing>> FindRouting(sql::Transaction& transaction,
                                                             absl::string_view appeal) = 0;
  // The latest decision on an appeal replaces the one of its kind before, except one that only
  // lets the same label stand. Fills in what had been suggested.
  virtual absl::Status PutDecision(sql::Transaction& transaction, Decided decided) = 0;
  virtual absl::StatusOr<std::optional<Decided>> FindDecision(sql::Transaction& transaction,
                                                              absl::string_view appeal,
                                                              LabelKind kind) = 0;
  // Newest first, those before `before`.
  virtual absl::StatusOr<std::vector<Decided>> ListDecisions(sql::Transaction& transaction,
                                                             LabelKind kind,
                                                             const ExamplePosition& before,
                                                             int limit) = 0;
  // Decisions on categories after `since`, counted up to `limit`.
  virtual absl::StatusOr<int64_t> CountDecisions(sql::Transaction& transaction, absl::Time since,
                                                 int64_t limit) = 0;

  // --- The newest `window` cases. ---

  // Suggested categories.
  virtual absl::StatusOr<std::map<std::string, int64_t>> CategoryMix(sql::Transaction& transaction,
                                                                     int64_t window) = 0;
  // Suggestions that were left to a person.
  virtual absl::StatusOr<Tally> Abstained(sql::Transaction& transaction, int64_t window) = 0;
  // Decisions with a known suggestion that agree with it.
  virtual absl::StatusOr<Tally> Agreement(sql::Transaction& transaction, LabelKind kind,
                                          int64_t window) = 0;
  // Routed appeals about which this shadow said what `active` said, which was in use then.
  virtual absl::StatusOr<Tally> ShadowAgreement(sql::Transaction& transaction,
                                                absl::string_view shadow, absl::string_view active,
                                                int64_t window) = 0;
  // The shadow against `active` on categories that staff decided since; by who decided.
  virtual absl::StatusOr<PairsByPerson> ShadowPairs(sql::Transaction& transaction,
                                                    absl::string_view shadow,
                                                    absl::string_view active, int64_t window) = 0;

  // Deletes at most `limit` of each that are older; returns how many.
  virtual absl::StatusOr<int64_t> Prune(sql::Transaction& transaction, absl::Time routings_before,
                                        absl::Time decisions_before, int limit) = 0;
};

}  // namespace veche::classification

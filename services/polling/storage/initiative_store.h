#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/event_log.h"
#include "common/sql/database.h"
#include "services/polling/domain/initiative.h"
#include "services/polling/domain/initiative_steps.h"

namespace veche::polling {

// Which initiatives a list has. Empty fields do not filter.
struct InitiativeFilter {
  std::string author;     // this author's, unpublished ones too; "": by `published`
  bool published = true;  // false: those that no moderator has approved
  std::optional<InitiativeState> state;
  std::string district;
  std::string category;
  bool by_supporters = false;  // the order: most supporters first; false: newest first
};
// Where a page begins: after the initiative with this count of supporters and this id.
struct InitiativePlace {
  int64_t supporter_count = 0;
  std::string id;
};

// An initiative as the search for similar ones sees it.
struct InitiativeTerms {
  std::string id;
  std::vector<std::string> terms;  // sorted, unique
};

// Keeps initiatives, their supporters and their history, and writes their events in the same
// transactions. A change is Lock, then a step of the domain, then Save: two changes of one
// initiative never overlap. Stateless; thread-safe.
class InitiativeStore {
 public:
  // `log` must outlive it.
  explicit InitiativeStore(events::EventLog& log) : log_(log) {}

  absl::Status Create(sql::Transaction& transaction, const Initiative& initiative,
                      absl::Span<const std::string> terms, absl::Span<const std::string> appeals,
                      const InitiativeRecord& record);
  // INITIATIVE_NOT_FOUND when there is none.
  absl::StatusOr<Initiative> Get(sql::Transaction& transaction, absl::string_view id);
  // The same, and others who lock or change it wait until the transaction ends.
  absl::StatusOr<Initiative> Lock(sql::Transaction& transaction, absl::string_view id);
  // Two at once, always in the same order of locking.
  absl::StatusOr<std::pair<Initiative, Initiative>> LockTwo(sql::Transaction& transaction,
                                                            absl::string_view first,
                                                            absl::string_view second);
  // Writes a locked initiative, without its counts of comments, and what happened.
  absl::Status Save(sql::Transaction& transaction, const Initiative& initiative,
                    const InitiativeRecord& record);

  // Adds or removes a supporter of a locked initiative and counts; false when nothing changed.
  absl::StatusOr<bool> SetSupport(sql::Transaction& transaction, Initiative& initiative,
                                  absl::string_view resident, bool on);
  // The supporters of `repeat` and its author become supporters of `target`, each once, and its
  // appeals become those of `target`. Both are locked.
  absl::Status CarryOver(sql::Transaction& transaction, const Initiative& repeat,
                         Initiative& target);
  // Those of `ids` that `resident` supports.
  absl::StatusOr<absl::flat_hash_set<std::string>> SupportedBy(sql::Transaction& transaction,
                                                               absl::string_view resident,
                                                               absl::Span<const std::string> ids);

  // One more initiative than `limit` when there are more.
  absl::StatusOr<std::vector<Initiative>> List(sql::Transaction& transaction,
                                               const InitiativeFilter& filter,
                                               const std::optional<InitiativePlace>& after,
                                               int limit);
  // The published ones that `appeal` led to, newest first, with ids before `before` ("" = all).
  absl::StatusOr<std::vector<Initiative>> ListOfAppeal(sql::Transaction& transaction,
                                                       absl::string_view appeal,
                                                       absl::string_view before, int limit);
  // The newest published ones that gather support or wait for an answer, in `district` or for the
  // whole city; with district "", in any.
  absl::StatusOr<std::vector<InitiativeTerms>> ListOpen(sql::Transaction& transaction,
                                                        absl::string_view district, int limit);
  absl::StatusOr<std::vector<InitiativeEntry>> GetTimeline(sql::Transaction& transaction,
                                                           absl::string_view id);
  // "appeals/{id}" by the ids of initiatives.
  absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>> AppealsOf(
      sql::Transaction& transaction, absl::Span<const std::string> ids);
  absl::StatusOr<int64_t> CountStages(sql::Transaction& transaction, absl::string_view id);

  // Lets only one transaction of a resident count and write at a time.
  absl::Status LockWriter(sql::Transaction& transaction, absl::string_view resident,
                          absl::Time now);
  // How many the author has proposed since `since`.
  absl::StatusOr<int64_t> CountProposed(sql::Transaction& transaction, absl::string_view author,
                                        absl::Time since);
  // Ids of those whose next_check is not after `now`, the longest waiting first.
  absl::StatusOr<std::vector<std::string>> ListDue(sql::Transaction& transaction, absl::Time now,
                                                   int limit);
  // One event about an initiative. `appeals` are the names of those that led to it.
  absl::Status AppendEvent(sql::Transaction& transaction, const Initiative& initiative,
                           absl::string_view type, absl::Span<const std::string> residents,
                           absl::Span<const std::string> appeals = {});

 private:
  absl::Status WriteRecord(sql::Transaction& transaction, const Initiative& initiative,
                           const InitiativeRecord& record);

  events::EventLog& log_;
};

}  // namespace veche::polling

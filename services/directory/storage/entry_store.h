#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/directory/domain/entry_change.h"
#include "services/directory/domain/organization.h"

namespace veche::directory {

// Entries that changed after a version of the directory, deleted ones included.
struct ChangedEntries {
  std::vector<Organization> organizations;  // by name
  std::vector<EService> e_services;         // by name
};

// Who edits, and when.
struct Edit {
  absl::string_view editor;  // the principal
  absl::Time time;
};

// Organizations and e-services with their history. Each method runs in the caller's transaction.
// Errors are those of sql::Transaction; DataLoss when a stored entry cannot be read. Thread-safe.
class EntryStore {
 public:
  // Begins a change of the directory: increases its version, so concurrent changes wait for each
  // other, and returns the new one.
  absl::StatusOr<int64_t> BeginChange(sql::Transaction& transaction);

  // The entry, also a deleted one; nothing when there is none. After BeginChange nobody else
  // changes it.
  absl::StatusOr<std::optional<Organization>> GetOrganization(sql::Transaction& transaction,
                                                              absl::string_view id);
  absl::StatusOr<std::optional<EService>> GetEService(sql::Transaction& transaction,
                                                      absl::string_view id);

  // Adds an entry or replaces the one with its id, and adds `change` to its history. Uses all of
  // the entry's state.
  absl::Status Put(sql::Transaction& transaction, const Organization& organization,
                   const EntryChange& change);
  absl::Status Put(sql::Transaction& transaction, const EService& service,
                   const EntryChange& change);

  // Adds entries or replaces those with the same ids, deleted ones included, all or nothing; keeps
  // all others. The import confirms organizations. Entries that are stored already with equal
  // fields keep their version, unless their confirmation is older than 30 days. Ignores the state
  // of the given entries.
  // REQUIRES: CheckOrganization and CheckEService found no violation, ids are set and differ.
  absl::Status ApplyImport(sql::Transaction& transaction,
                           absl::Span<const Organization> organizations, const Edit& edit);
  absl::Status ApplyImport(sql::Transaction& transaction, absl::Span<const EService> services,
                           const Edit& edit);

  // Every entry whose last change is after the version `change`; a reading transaction suffices.
  absl::StatusOr<ChangedEntries> LoadAfter(sql::Transaction& transaction, int64_t change);

  // The history of an entry, newest first: at most `limit` changes with versions below
  // `below_version`.
  absl::StatusOr<std::vector<EntryChange>> ListChanges(sql::Transaction& transaction,
                                                       absl::string_view name,
                                                       int64_t below_version, int limit);

  // Removes at most `limit` entries that were deleted at `before` or earlier, with their history.
  // Returns how many.
  absl::StatusOr<int64_t> Purge(sql::Transaction& transaction, absl::Time before, int limit);
};

}  // namespace veche::directory

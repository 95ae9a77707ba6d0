#pragma once

#include <limits>

#include "absl/status/statusor.h"
#include "common/api/page.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "services/directory/calls/entry_parts.h"
#include "services/directory/domain/entry_change.h"
#include "veche/directory/v1/organizations.pb.h"

namespace veche::directory {

v1::EntryChange ToWire(const EntryChange& change);

// A page of the history of `name`; `Response` has changes and next_page_token. A purged entry has
// none.
template <typename Response, typename Request>
absl::StatusOr<Response> ListHistory(const EntryParts& parts, const Request& request,
                                     absl::string_view name, Violations violations) {
  const api::Page page(request, "", violations);
  const auto place = page.Numbers(1, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<EntryChange> changes;
  RETURN_IF_ERROR(parts.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        changes, parts.entries.ListChanges(
                     transaction, name, place ? (*place)[0] : std::numeric_limits<int64_t>::max(),
                     page.size() + 1));
    return absl::OkStatus();
  }));
  Response response;
  const bool more = changes.size() > static_cast<size_t>(page.size());
  if (more) changes.pop_back();
  for (const EntryChange& change : changes) *response.add_changes() = ToWire(change);
  if (more) response.set_next_page_token(page.TokenAfter({changes.back().version}));
  return response;
}

}  // namespace veche::directory

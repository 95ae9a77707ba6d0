#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/domain/access.h"
#include "services/appeals/storage/store.h"

// What the caller of an RPC may see and use.

namespace veche::appeals {

// `follow_token` as the request has it, "" for none.
Viewer ViewerOf(const rpc::Call& call, absl::string_view follow_token);

// The appeal of that name. APPEAL_NOT_FOUND also when the viewer may not see it.
absl::StatusOr<Appeal> FindVisible(Store& store, absl::string_view name, const Viewer& viewer);

// The caller's relation to the appeal `id`.
absl::StatusOr<Relations> RelationsOf(Store& store, const rpc::Call& call, absl::string_view id);

// The caller's own uploads `ids` that no appeal has yet, in their order. Adds a violation for each
// id that is not such an upload.
absl::StatusOr<std::vector<Attachment>> FindUnused(Store& store, const rpc::Call& call,
                                                   const std::vector<std::string>& ids,
                                                   Violations& violations);

}  // namespace veche::appeals

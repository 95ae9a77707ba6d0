#include "services/appeals/calls/caller.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {

Viewer ViewerOf(const rpc::Call& call, absl::string_view follow_token) {
  return {call.principal(), HashToken(follow_token)};
}

absl::StatusOr<Appeal> FindVisible(Store& store, absl::string_view name, const Viewer& viewer) {
  ASSIGN_OR_RETURN(const std::string id, ParseAppealName(name));
  ASSIGN_OR_RETURN(Appeal appeal, store.Get(id));
  if (ViewOf(appeal, viewer) == View::kNone) return AppealNotFound(name);
  return appeal;
}

absl::StatusOr<Relations> RelationsOf(Store& store, const rpc::Call& call, absl::string_view id) {
  if (!call.principal().resident()) return Relations{};
  const std::string ids[] = {std::string(id)};
  ASSIGN_OR_RETURN(std::vector<Relations> relations,
                   store.GetRelations(call.principal().name, ids));
  return relations[0];
}

absl::StatusOr<std::vector<Attachment>> FindUnused(Store& store, const rpc::Call& call,
                                                   const std::vector<std::string>& ids,
                                                   Violations& violations) {
  ASSIGN_OR_RETURN(const std::vector<Attachment> unused,
                   store.FindUnused(ids, call.principal().name));
  std::vector<Attachment> found;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto it = absl::c_find_if(unused, [&](const Attachment& a) { return a.id == ids[i]; });
    if (it != unused.end()) {
      found.push_back(*it);
    } else {
      violations.Add(absl::StrCat("attachments[", i, "]"), "ATTACHMENT_NOT_FREE");
    }
  }
  return found;
}

}  // namespace veche::appeals

#include "services/appeals/calls/read_calls.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/appeals/calls/caller.h"
#include "services/appeals/calls/convert.h"

namespace veche::appeals {

absl::StatusOr<v1::Appeal> ReadCalls::GetAppeal(const rpc::Call& call,
                                                const v1::GetAppealRequest& request) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, FindVisible(store_, request.name(), viewer));
  ASSIGN_OR_RETURN(const Relations relations, RelationsOf(store_, call, appeal.id));
  return ToWire(appeal, ViewOf(appeal, viewer), relations);
}

absl::StatusOr<v1::Timeline> ReadCalls::GetTimeline(const rpc::Call& call,
                                                    const v1::GetTimelineRequest& request) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, FindVisible(store_, request.name(), viewer));
  ASSIGN_OR_RETURN(const std::vector<Entry> entries, store_.GetTimeline(appeal.id));
  return ToWire(entries, ViewOf(appeal, viewer), EntryTexts(texts_, city_(), call.language()));
}

absl::Status ReadCalls::WatchAppeal(const rpc::Call& call, const v1::WatchAppealRequest& request,
                                    std::shared_ptr<Watcher::Writer> writer) {
  const Viewer viewer = ViewerOf(call, request.follow_token());
  ASSIGN_OR_RETURN(const Appeal appeal, FindVisible(store_, request.name(), viewer));
  auto watcher = std::make_shared<Watcher>(viewer, request.last_event_id(), std::move(writer));
  RETURN_IF_ERROR(watchers_.Subscribe(appeal.id, watcher));
  // Read after Subscribe: the feed sends every later change.
  ASSIGN_OR_RETURN(const Appeal now, store_.Get(appeal.id));
  ASSIGN_OR_RETURN(const Relations relations, RelationsOf(store_, call, appeal.id));
  watcher->Send(now, relations);
  return absl::OkStatus();
}

}  // namespace veche::appeals

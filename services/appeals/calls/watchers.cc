#include "services/appeals/calls/watchers.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {

Watcher::Watcher(Viewer viewer, absl::string_view last_event_id, std::shared_ptr<Writer> stream)
    : viewer(std::move(viewer)), writer(std::move(stream)) {
  if (int64_t seen = 0; absl::SimpleAtoi(last_event_id, &seen)) sent_ = seen;
}

void Watcher::Send(const Appeal& appeal, const Relations& relations) {
  const View view = ViewOf(appeal, viewer);
  if (view == View::kNone) return writer->Finish(AppealNotFound(AppealName(appeal.id)));
  v1::WatchAppealResponse response;
  *response.mutable_appeal() = ToWire(appeal, view, relations);
  response.set_event_id(absl::StrCat(appeal.version));
  absl::MutexLock lock(&mutex_);
  if (appeal.version <= sent_) return;
  sent_ = appeal.version;
  writer->Write(std::move(response));
}

rpc::SubscriberHubOptions WatcherHubOptions(int capacity) {
  return {.capacity = capacity,
          .full = TooManyWatchers(),
          .stopped = absl::UnavailableError("the service is stopping")};
}

}  // namespace veche::appeals

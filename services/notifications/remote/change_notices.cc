#include "services/notifications/remote/change_notices.h"

#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";
constexpr absl::Duration kTimeout = absl::Seconds(5);

}  // namespace

ChangeNotices::ChangeNotices(rpc::Channels& channels)
    : appeals_(appeals::v1::Appeals::NewStub(channels.For("appeals"))) {}

absl::StatusOr<appeals::v1::ChangeNotice> ChangeNotices::Get(const ContactNotice& notice) {
  appeals::v1::GetChangeNoticeRequest request;
  request.set_appeal(notice.subject);
  request.set_type(notice.type);
  *request.mutable_time() = api::ToTimestamp(notice.time);
  appeals::v1::ChangeNotice change;
  RETURN_IF_ERROR(rpc::FromGrpc(appeals_->GetChangeNotice(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &change)));
  return change;
}

}  // namespace veche::notifications

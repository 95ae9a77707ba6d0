#include "services/notifications/calls/binding.h"

namespace veche::notifications {

std::vector<rpc::ServiceBuilder> Bind(InboxCalls& calls) {
  return {rpc::ServiceBuilder("veche.notifications.v1.Notifications")
              .Unary(calls, &InboxCalls::ListNotifications, &InboxCalls::MarkRead)
              .Subscribe(calls, &InboxCalls::WatchNotifications)};
}

}  // namespace veche::notifications

#include "services/notifications/calls/binding.h"

namespace veche::notifications {

std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers) {
  return {rpc::ServiceBuilder("veche.notifications.v1.Notifications")
              .Unary(handlers, &Handlers::ListNotifications, &Handlers::MarkRead)
              .Subscribe(handlers, &Handlers::WatchNotifications)};
}

}  // namespace veche::notifications

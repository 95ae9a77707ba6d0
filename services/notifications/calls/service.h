#pragma once

#include "common/rpc/dispatcher.h"
#include "services/notifications/calls/handlers.h"
#include "veche/notifications/v1/notifications.grpc.pb.h"

namespace veche::notifications {

// Binds each RPC to its handler.
class Service final : public v1::Notifications::CallbackService {
 public:
  // Both must outlive it.
  Service(rpc::Dispatcher& rpc, Handlers& handlers) : rpc_(rpc), handlers_(handlers) {
    rpc_.Bind(handlers_, &Handlers::ListNotifications, &Handlers::MarkRead);
  }

  grpc::ServerUnaryReactor* ListNotifications(grpc::CallbackServerContext* context,
                                              const v1::ListNotificationsRequest* request,
                                              v1::ListNotificationsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  grpc::ServerUnaryReactor* MarkRead(grpc::CallbackServerContext* context,
                                     const v1::MarkReadRequest* request,
                                     v1::MarkReadResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  grpc::ServerWriteReactor<v1::WatchNotificationsResponse>* WatchNotifications(
      grpc::CallbackServerContext* context, const v1::WatchNotificationsRequest* request) override {
    return rpc_.Subscribe(context, request, handlers_, &Handlers::WatchNotifications);
  }

 private:
  rpc::Dispatcher& rpc_;
  Handlers& handlers_;
};

}  // namespace veche::notifications

#pragma once

#include "common/rpc/dispatcher.h"
#include "services/identity/calls/account_handlers.h"
#include "services/identity/calls/message_handlers.h"
#include "services/identity/calls/sign_in_handlers.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::identity {

// Binds each RPC to its handler.
class Service final : public v1::Identity::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  // All must outlive it.
  Service(rpc::Dispatcher& rpc, SignInHandlers& sign_in, AccountHandlers& accounts,
          MessageHandlers& messages)
      : rpc_(rpc) {
    rpc.Bind(sign_in, &SignInHandlers::SendCode, &SignInHandlers::SignIn, &SignInHandlers::Refresh,
             &SignInHandlers::SignOut, &SignInHandlers::GetKeys);
    rpc.Bind(accounts, &AccountHandlers::GetMe, &AccountHandlers::UpdateMe,
             &AccountHandlers::ListStaff, &AccountHandlers::CreateStaff,
             &AccountHandlers::UpdateStaff);
    rpc.Bind(messages, &MessageHandlers::RegisterGuest, &MessageHandlers::SendMessage);
  }

  Reactor* SendCode(Context* context, const v1::SendCodeRequest* request,
                    v1::SendCodeResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SignIn(Context* context, const v1::SignInRequest* request,
                  v1::SignInResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* Refresh(Context* context, const v1::RefreshRequest* request,
                   v1::SignInResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SignOut(Context* context, const v1::SignOutRequest* request,
                   v1::SignOutResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* GetKeys(Context* context, const v1::GetKeysRequest* request,
                   v1::KeySet* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* GetMe(Context* context, const v1::GetMeRequest* request, v1::Me* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* UpdateMe(Context* context, const v1::UpdateMeRequest* request,
                    v1::Me* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListStaff(Context* context, const v1::ListStaffRequest* request,
                     v1::ListStaffResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* CreateStaff(Context* context, const v1::CreateStaffRequest* request,
                       v1::Staff* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* UpdateStaff(Context* context, const v1::UpdateStaffRequest* request,
                       v1::Staff* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RegisterGuest(Context* context, const v1::RegisterGuestRequest* request,
                         v1::RegisterGuestResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SendMessage(Context* context, const v1::SendMessageRequest* request,
                       v1::SendMessageResponse* response) override {
    return rpc_.Unary(context, request, response);
  }

 private:
  rpc::Dispatcher& rpc_;
};

}  // namespace veche::identity

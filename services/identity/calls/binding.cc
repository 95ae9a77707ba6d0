#include "services/identity/calls/binding.h"

namespace veche::identity {

std::vector<rpc::ServiceBuilder> Bind(SignInHandlers& sign_in, AccountHandlers& accounts,
                                      MessageHandlers& messages) {
  return {rpc::ServiceBuilder("veche.identity.v1.Identity")
              .Unary(sign_in, &SignInHandlers::SendCode, &SignInHandlers::SignIn,
                     &SignInHandlers::Refresh, &SignInHandlers::SignOut, &SignInHandlers::GetKeys)
              .Unary(accounts, &AccountHandlers::GetMe, &AccountHandlers::UpdateMe,
                     &AccountHandlers::ListStaff, &AccountHandlers::CreateStaff,
                     &AccountHandlers::UpdateStaff)
              .Unary(messages, &MessageHandlers::RegisterGuest, &MessageHandlers::SendMessage)};
}

}  // namespace veche::identity

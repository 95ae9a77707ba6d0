#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/identity/calls/account_handlers.h"
#include "services/identity/calls/message_handlers.h"
#include "services/identity/calls/sign_in_handlers.h"

namespace veche::identity {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(SignInHandlers& sign_in, AccountHandlers& accounts,
                                      MessageHandlers& messages);

}  // namespace veche::identity

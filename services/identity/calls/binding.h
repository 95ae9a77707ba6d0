#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/identity/calls/account_calls.h"
#include "services/identity/calls/eligibility_calls.h"
#include "services/identity/calls/feedback_calls.h"
#include "services/identity/calls/issuer_token_calls.h"
#include "services/identity/calls/message_calls.h"
#include "services/identity/calls/session_calls.h"
#include "services/identity/calls/sign_in_calls.h"

namespace veche::identity {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(SignInCalls& sign_in, AccountCalls& accounts,
                                      MessageCalls& messages, EligibilityCalls& eligibility,
                                      IssuerTokenCalls& issuer_tokens, FeedbackCalls& feedback,
                                      SessionCalls& sessions);

}  // namespace veche::identity

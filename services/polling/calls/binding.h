#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/polling/calls/ballot_calls.h"
#include "services/polling/calls/board_calls.h"
#include "services/polling/calls/credential_calls.h"
#include "services/polling/calls/picture_calls.h"
#include "services/polling/calls/poll_calls.h"

namespace veche::polling {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(PollCalls& polls, CredentialCalls& credentials,
                                      BallotCalls& ballots, BoardCalls& boards,
                                      PictureCalls& pictures);

}  // namespace veche::polling

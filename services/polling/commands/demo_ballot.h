#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/definition.h"
#include "veche/polling/v1/polls.grpc.pb.h"

namespace veche::polling {

// Votes as the resident of the access token: gets the credentials and casts the ballot, as
// commands/voter.h does over HTTP, but over gRPC and without a state that survives the program.
// AlreadyExists when the resident has a credential.
absl::Status CastDemoBallot(v1::Polls::Stub& polls, const protocol::Definition& definition,
                            std::vector<protocol::Answer> answers, const std::string& token);

}  // namespace veche::polling

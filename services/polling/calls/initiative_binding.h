#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/polling/calls/comment_calls.h"
#include "services/polling/calls/initiative_calls.h"
#include "services/polling/calls/initiative_step_calls.h"
#include "services/polling/calls/moderation_calls.h"
#include "services/polling/calls/opinion_calls.h"

namespace veche::polling {

struct InitiativeHandlers {
  InitiativeCalls& initiatives;
  InitiativeStepCalls& steps;
  CommentCalls& comments;
  ModerationCalls& moderation;
  OpinionCalls& opinions;
};

// Each RPC of initiatives and discussions with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> BindInitiatives(const InitiativeHandlers& handlers);

}  // namespace veche::polling

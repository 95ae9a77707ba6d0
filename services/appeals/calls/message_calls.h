#pragma once

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/calls/appeal_change.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Messages between an appeal's author and its department, and the department's notes.
// Thread-safe; blocking.
class MessageCalls {
 public:
  // `change` must outlive it.
  explicit MessageCalls(const AppealChange& change) : change_(change) {}

  absl::StatusOr<v1::Message> CreateMessage(const rpc::Call& call,
                                            const v1::CreateMessageRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(const rpc::Call& call,
                                                        const v1::ListMessagesRequest& request,
                                                        Violations violations = {});

 private:
  const AppealChange& change_;
};

}  // namespace veche::appeals

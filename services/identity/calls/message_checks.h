#pragma once

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "veche/identity/v1/messages.pb.h"

// What is wrong with requests of other services for messages. Pure.

namespace veche::identity {

// The most recipients of a request.
inline constexpr int kMostRecipients = 500;

void CheckRequestId(absl::string_view field, absl::string_view request_id, Violations& violations);
// Adds a violation for every invalid field.
void CheckMessages(const v1::SendMessagesRequest& request, Violations& violations);

}  // namespace veche::identity

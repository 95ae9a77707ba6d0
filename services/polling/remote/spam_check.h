#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/text.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/rpc/channels.h"

namespace veche::polling {

// Why the text of a new account is refused as spam; empty when it is not. `recent`: the account's
// recent texts. An error when nobody answers in a short time: then a moderator has to decide.
// Thread-safe.
using SpamCheck = std::function<absl::StatusOr<Text>(const rpc::Call& call, const std::string& text,
                                                     const std::vector<std::string>& recent)>;

// The check by classification. `channels` must outlive it.
SpamCheck AskClassification(rpc::Channels& channels, observe::Telemetry telemetry);

}  // namespace veche::polling

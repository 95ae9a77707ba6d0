#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"

namespace veche::polling {

// Polls, initiatives and discussions.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreatePollingModule(
    const rpc::Environment& environment);

}  // namespace veche::polling

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::polling {

// Polls, initiatives and discussions.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreatePollingModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::polling

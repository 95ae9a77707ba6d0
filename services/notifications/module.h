#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::notifications {

// The notifications service: each resident's inbox, fed by the logs of "appeals" and "polling".
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateNotificationsModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::notifications

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::appeals {

// The service Appeals with its attachments, event log and workers.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateAppealsModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::appeals

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::directory {

// Builds the service: districts, departments, categories, organizations and
// e-services. It calls no other service.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateDirectoryModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::directory

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::classification {

// The classification service, with the city's own model from the data folder where it has one.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateClassificationModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::classification

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"

namespace veche::classification {

// The classification service, with the city's own model from the data folder where it has one.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateClassificationModule(
    const rpc::Environment& environment);

}  // namespace veche::classification

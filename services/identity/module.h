#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"

namespace veche::identity {

// The identity service: residents, staff, sessions and tokens. FailedPrecondition or NotFound when
// the master key does not fit the database.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIdentityModule(
    const rpc::Environment& environment);

}  // namespace veche::identity

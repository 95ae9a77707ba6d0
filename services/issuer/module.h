#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"

namespace veche::issuer {

// The service Issuer.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIssuerModule(
    const rpc::Environment& environment);

}  // namespace veche::issuer

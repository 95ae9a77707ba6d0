#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::issuer {

// The service Issuer.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIssuerModule(
    const rpc::Environment& environment);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::issuer

#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"

namespace veche::identity {

// Builds the service: residents, staff, sessions and tokens. FailedPrecondition or NotFound when
// identity.key is not the master key of this database.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIdentityModule(
    const rpc::Environment& environment);

// Where messages without a provider are written.
std::filesystem::path OutboxFolder(const config::v1::Config& config,
                                   const std::filesystem::path& data_dir);

// What the service's database has.
service::Schema DatabaseSchema();

}  // namespace veche::identity

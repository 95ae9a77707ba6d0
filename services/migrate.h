#pragma once

#include <ostream>

#include "absl/status/status.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// Brings the databases of the services in `config` up to date, without starting the services, and
// prints the name of each. Safe while replicas serve from PostgreSQL. FailedPrecondition when a
// running process uses the data folder of a service with embedded storage.
absl::Status MigrateServices(const config::v1::Config& config, std::ostream& out);

}  // namespace veche

#pragma once

#include <ostream>

#include "absl/status/status.h"
#include "services/suite.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// Loads the demo city into the services of this process, through their RPCs: districts,
// departments, categories, staff accounts (printed to `out`, kept in demo-accounts.json) and
// appeals. A repeated call changes nothing. If the directory runs in another process, waits for it.
absl::Status LoadDemo(const config::v1::Config& config, Suite& suite, std::ostream& out);

}  // namespace veche

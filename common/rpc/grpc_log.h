#pragma once

#include <memory>

#include "common/observe/telemetry.h"

namespace veche::rpc {

// Sends the log messages of gRPC itself (failed handshakes, ports in use) to `logger` as warnings.
// Call it once, at the start of the process.
void LogGrpcTo(std::shared_ptr<observe::Logger> logger);

}  // namespace veche::rpc

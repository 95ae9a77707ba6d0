#pragma once

#include <memory>

#include "common/observe/telemetry.h"

namespace veche::rpc {

// Sends what gRPC itself logs (broken handshakes, ports that are taken) to `logger` as warnings.
// Once, at the start of the process.
void LogGrpcTo(std::shared_ptr<observe::Logger> logger);

}  // namespace veche::rpc

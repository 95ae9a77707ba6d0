#include "common/rpc/grpc_log.h"

#include <grpc/support/log.h>

#include "absl/strings/str_cat.h"

namespace veche::rpc {
namespace {

// Never destroyed: gRPC's threads may log until the process ends.
std::shared_ptr<observe::Logger>& TheLogger() {
  static auto& logger = *new std::shared_ptr<observe::Logger>();
  return logger;
}

void Log(gpr_log_func_args* args) {
  if (args->severity != GPR_LOG_SEVERITY_ERROR) return;
  TheLogger()->Warning(
      "grpc", {{"message", args->message}, {"source", absl::StrCat(args->file, ":", args->line)}});
}

}  // namespace

void LogGrpcTo(std::shared_ptr<observe::Logger> logger) {
  TheLogger() = std::move(logger);
  gpr_set_log_function(Log);
}

}  // namespace veche::rpc

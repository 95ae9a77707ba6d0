#include "services/classification/commands/learning_commands.h"

#include <utility>

#include "absl/status/status.h"
#include "common/auth/access.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "veche/classification/v1/classification.grpc.pb.h"

namespace veche::classification {

int RunRollBack(std::shared_ptr<grpc::Channel> channel, const std::string& reason,
                std::ostream& out, std::ostream& err) {
  const auto stub = v1::Classification::NewStub(std::move(channel));
  v1::RollBackModelRequest request;
  request.set_reason(reason);
  v1::Model model;
  const auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Seconds(30));
  const absl::Status done = rpc::FromGrpc(stub->RollBackModel(context.get(), request, &model));
  if (!done.ok()) {
    err << done.message() << std::endl;
    return 1;
  }
  out << "The model in use is now " << model.version() << "." << std::endl;
  return 0;
}

}  // namespace veche::classification

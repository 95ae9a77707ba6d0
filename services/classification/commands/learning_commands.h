#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>

namespace veche::classification {

// Puts the model into use that was before the one in use, for an operator at the machine. Returns
// the exit code.
int RunRollBack(std::shared_ptr<grpc::Channel> channel, const std::string& reason,
                std::ostream& out, std::ostream& err);

}  // namespace veche::classification

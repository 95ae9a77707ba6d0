#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>

namespace veche::classification {

// `veche classifier rollback`: puts the previous model into use. Returns the exit code.
int RunRollBack(std::shared_ptr<grpc::Channel> channel, const std::string& reason,
                std::ostream& out, std::ostream& err);

}  // namespace veche::classification

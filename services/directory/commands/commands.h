#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace veche::directory {

// `veche import districts|departments|categories --file F [--language ru]`: reads the file and
// loads it through ImportDirectory, all or nothing, as this machine's operator. `args` begins with
// the kind. Returns the exit code: 0 when it is loaded, 1 with every bad row on `err` when it is
// not, 2 for wrong arguments.
int RunDirectoryImport(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> directory, std::ostream& out,
                       std::ostream& err);

}  // namespace veche::directory

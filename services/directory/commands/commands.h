#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace veche::directory {

// `veche import districts|departments|categories --file F [--language ru]`: reads the file and
// imports all of it, or nothing, by ImportDirectory with the operator's certificate. `args` begins
// with the kind. Returns the exit code: 0 when the file was imported; 1 when it was not, with every
// invalid row on `err`; 2 for wrong arguments.
int RunDirectoryImport(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> directory, std::ostream& out,
                       std::ostream& err);

}  // namespace veche::directory

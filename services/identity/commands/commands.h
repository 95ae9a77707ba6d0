#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace veche::identity {

// Asks a person for a new password.
using AskPassword = std::function<absl::StatusOr<std::string>()>;

// `veche identity create-admin --login L [--display_name N] [--generate_password]`: creates an
// administrator, who can create all other accounts. `ask` gives the password; if `ask` is null, or
// with --generate_password, a random password is printed once. Returns the exit code.
int RunIdentityCommand(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> identity, const AskPassword& ask,
                       std::ostream& out, std::ostream& err);

// Asks twice on the terminal without echo; null when standard input is no terminal.
AskPassword AskOnTerminal();

}  // namespace veche::identity

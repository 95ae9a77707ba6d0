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

// `veche identity create-admin --login L [--display_name N] [--generate_password]`: makes an
// administrator, who then makes all other accounts. The password is what `ask` gives; where `ask`
// is null, or with --generate_password, it is made and printed, once. Returns the exit code.
int RunIdentityCommand(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> identity, const AskPassword& ask,
                       std::ostream& out, std::ostream& err);

// Asks on the terminal, twice, without showing what is typed; null when standard input is none.
AskPassword AskOnTerminal();

}  // namespace veche::identity

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche::polling {

// `veche verify-poll FILE [--board-key BASE64] [--json]` verifies and recounts a downloaded board.
// `veche verify-poll --mirror STATE_FILE --url http://…/v1/polls/ID [--board-key BASE64]` keeps the
// last head of a board and checks that each new one continues it. Needs no configuration and no
// database. Returns the exit code: 0 when all is right, 1 for faults, 2 when the input cannot be
// read or the arguments are wrong.
int RunVerifyPoll(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace veche::polling

#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche::polling {

// `veche vote --url http://127.0.0.1:8080 --poll ID --token TOKEN --answer q1=o2,o3 …
// [--state FILE] [--revote] [--wait SECONDS]` votes in a poll over HTTP and prints the verified
// receipt; the same command again goes on where it was and does not vote twice. With --check, it
// checks that the ballot is on the board. Needs no configuration and no database. Returns the exit
// code: 0, or 1 for an error, 2 for wrong arguments.
int RunVote(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace veche::polling

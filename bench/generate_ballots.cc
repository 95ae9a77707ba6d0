// generate_ballots FOLDER COUNT: writes to the standard output the JSON of COUNT ballots, one on a
// line, by the voters whose state files (`veche vote --state`) are in FOLDER, in turn. Each voter's
// ballots have rising counters, so all of them are valid when they are sent in this order.

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "services/polling/commands/api.h"
#include "services/polling/commands/voter_state.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/voter_key.h"

namespace veche::polling {
namespace {

struct Voter {
  protocol::Ballot ballot;  // the last one
  crypto::EvpKey key;
};

std::vector<Voter> LoadVoters(const std::filesystem::path& folder) {
  std::vector<Voter> voters;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto state = LoadVoterState(file.path());
    if (!state.ok() || state->ballots.empty()) continue;
    voters.push_back({*protocol::ParseEntry(state->ballots.back().entry),
                      *protocol::VoterKeyFromPkcs8(state->voter_key)});
  }
  return voters;
}

int Run(const std::filesystem::path& folder, int count) {
  std::vector<Voter> voters = LoadVoters(folder);
  if (voters.empty()) {
    std::cerr << "There is no voter in " << folder << ".\n";
    return 1;
  }
  for (int i = 0; i < count; ++i) {
    Voter& voter = voters[static_cast<size_t>(i) % voters.size()];
    ++voter.ballot.counter;
    voter.ballot.signature = protocol::SignAsVoter(*voter.key, protocol::EncodeBody(voter.ballot));
    std::cout << absl::StripTrailingAsciiWhitespace(BallotJson(voter.ballot)) << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace veche::polling

int main(int argc, char** argv) {
  int count = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &count)) {
    std::cerr << "generate_ballots FOLDER COUNT\n";
    return 2;
  }
  return veche::polling::Run(argv[1], count);
}

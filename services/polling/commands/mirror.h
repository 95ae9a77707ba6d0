#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace veche::polling {

// Fetches the signed head of the board of `poll_url` (http://…/v1/polls/ID) and checks that it
// continues the head in `state_file`, which then gets the larger one. The first run takes the board
// key from the poll's definition when `board_key` (32 bytes) is "", and every later run uses that
// key. DataLoss when the board was changed: both heads are printed, which is the proof, and the
// state stays. Other errors: the board or the state cannot be read.
absl::Status MirrorBoard(const std::string& poll_url, const std::filesystem::path& state_file,
                         std::string board_key, std::ostream& out);

}  // namespace veche::polling

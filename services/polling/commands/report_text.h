#pragma once

#include <ostream>

#include "services/polling/protocol/verify_board.h"

namespace veche::polling {

// The report in plain words: the board, the result of each question, the faults. `key_is_known`:
// the board key was given and not taken from the board.
void PrintReport(const protocol::Report& report, bool key_is_known, std::ostream& out);
// As one JSON object: faults, result (as hashed) and its hash.
void PrintReportJson(const protocol::Report& report, std::ostream& out);

}  // namespace veche::polling

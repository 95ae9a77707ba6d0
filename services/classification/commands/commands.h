#pragma once

#include <ostream>
#include <string>

#include "absl/types/span.h"

namespace veche::classification {

// `veche classifier …`; `args` follow the word "classifier":
//   train --data F.tsv [--data …] [--label topic=COLUMN] --out M
//   evaluate --model M --data F.tsv [--label topic=COLUMN] [--json]
//   explain --model M --text T
// Returns the process's exit code: 0, 1 when the work failed, 2 when the arguments are wrong.
int RunClassifierCommand(absl::Span<const std::string> args, std::ostream& out, std::ostream& err);

}  // namespace veche::classification

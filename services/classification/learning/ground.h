#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {

// What a training begins with, whatever people decided.
struct Ground {
  std::vector<Example> examples;
  std::vector<std::string> names = {"seed"};  // where they come from

  double weight() const;  // of all of them
};

// The program's own texts, and the city's: *.tsv in `base_folder`, which may be missing.
// InvalidArgument, with the file and the line, for base data that cannot be used;
// Unavailable when the folder cannot be read.
absl::StatusOr<Ground> ReadGround(absl::Span<const Example> seed, const std::string& base_folder);

}  // namespace veche::classification

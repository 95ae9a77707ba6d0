#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {

// The examples of every training, besides the decisions of staff.
struct BaseExamples {
  std::vector<Example> examples;
  std::vector<std::string> names = {"seed"};  // of the sources

  double weight() const;  // the sum over all examples
};

// The examples of the program (`seed`) and of the city: *.tsv in `base_folder`, which may be
// missing. InvalidArgument, with file and line, for invalid data; Unavailable when the folder
// cannot be read.
absl::StatusOr<BaseExamples> ReadBaseExamples(absl::Span<const Example> seed,
                                              const std::string& base_folder);

}  // namespace veche::classification

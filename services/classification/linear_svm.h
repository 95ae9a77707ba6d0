#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/vocabulary.h"

namespace veche::classification {

struct SvmOptions {
  double cost = 0.5;       // of one example on the wrong side of the margin
  double tolerance = 0.1;  // stops when no example could move further
  int max_rounds = 60;
};

// A separating plane: one weight for each feature, and the bias last.
using Plane = std::vector<float>;

// A support vector machine with squared hinge loss, by coordinate descent on the dual problem
// (Hsieh et al., 2008). `positive[i]` tells the class of `examples[i]`. Deterministic.
Plane TrainSvm(absl::Span<const std::vector<Term>* const> examples,
               const std::vector<bool>& positive, size_t features, const SvmOptions& options);

// The signed distance of an example from the plane, up to a factor.
float Score(const Plane& plane, const std::vector<Term>& terms);

}  // namespace veche::classification

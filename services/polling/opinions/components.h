#pragma once

#include <array>
#include <vector>

#include "absl/types/span.h"
#include "services/polling/opinions/vote_matrix.h"

namespace veche::polling::opinions {

// The two directions in which the votes vary most.
struct Components {
  std::vector<double> means;                // of each statement's votes
  std::array<std::vector<double>, 2> axes;  // unit vectors by statement; zeros where nothing varies
};

// The first two principal components of the votes, missing votes replaced by the statement's mean.
// The largest coefficient of an axis is positive. Statements are visited in `order`, so that the
// result does not depend on their indexes.
Components PrincipalComponents(const VoteMatrix& matrix, absl::Span<const int> order);

}  // namespace veche::polling::opinions

#include "services/classification/domain/decision.h"

namespace veche::classification {

double WeightOf(Decision decision) {
  return decision == Decision::kChanged || decision == Decision::kCorrected ? 1.0 : 0.5;
}

}  // namespace veche::classification

#pragma once

#include "services/classification/domain/statistics.h"
#include "veche/classification/v1/classification.pb.h"

// From statistics to the wire. Pure.

namespace veche::classification {

v1::Share ToShare(const Tally& tally);
v1::Comparison ToComparison(const PairsByPerson& pairs);

}  // namespace veche::classification

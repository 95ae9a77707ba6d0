#pragma once

#include "services/classification/learning/statistics.h"
#include "services/classification/storage/example_store.h"
#include "veche/classification/v1/classification.pb.h"

// Figures as the wire has them. Pure.

namespace veche::classification {

v1::Share ToShare(const Tally& tally);
v1::Comparison ToComparison(const PairsByPerson& pairs);

}  // namespace veche::classification

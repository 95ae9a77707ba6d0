#pragma once

#include "services/classification/learning/example_store.h"
#include "services/classification/learning/statistics.h"
#include "veche/classification/v1/classification.pb.h"

// Figures as the wire has them. Pure.

namespace veche::classification {

v1::Share ToShare(const Tally& tally);
v1::Comparison ToComparison(const Pairs& pairs);
Pairs PairsOf(const v1::Comparison& comparison);
// Adds what the shadow has shown; with it `total` is what decides.
void AddShadow(const Tally& agreement, const Pairs& pairs, v1::Scores& scores);

}  // namespace veche::classification

#include "services/classification/learning/scores.h"

namespace veche::classification {

v1::Share ToShare(const Tally& tally) {
  const Interval interval = Wilson(tally.yes, tally.of);
  v1::Share share;
  share.set_value(interval.value);
  share.set_low(interval.low);
  share.set_high(interval.high);
  share.set_of(tally.of);
  return share;
}

v1::Comparison ToComparison(const Pairs& pairs) {
  const PairedDifference difference = Compare(pairs);
  v1::Comparison comparison;
  comparison.set_of(pairs.of);
  comparison.set_gained(pairs.gained);
  comparison.set_lost(pairs.lost);
  comparison.set_difference(difference.difference.value);
  comparison.set_low(difference.difference.low);
  comparison.set_high(difference.difference.high);
  comparison.set_p_value(difference.p_value);
  comparison.set_better(difference.better);
  return comparison;
}

Pairs PairsOf(const v1::Comparison& comparison) {
  return {.of = comparison.of(), .gained = comparison.gained(), .lost = comparison.lost()};
}

void AddShadow(const Tally& agreement, const Pairs& pairs, v1::Scores& scores) {
  *scores.mutable_shadow_agreement() = ToShare(agreement);
  *scores.mutable_shadow() = ToComparison(pairs);
  *scores.mutable_total() = ToComparison(PairsOf(scores.newest()) + pairs);
}

}  // namespace veche::classification

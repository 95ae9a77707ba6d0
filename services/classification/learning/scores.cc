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

v1::Comparison ToComparison(const PairsByPerson& pairs) {
  const PairedDifference difference = Compare(pairs);
  Pairs all;
  for (const auto& [person, own] : pairs) all += own;
  v1::Comparison comparison;
  comparison.set_of(all.of);
  comparison.set_gained(all.gained);
  comparison.set_lost(all.lost);
  comparison.set_difference(difference.difference.value);
  comparison.set_low(difference.difference.low);
  comparison.set_high(difference.difference.high);
  comparison.set_p_value(difference.p_value);
  comparison.set_better(difference.better);
  comparison.set_people(static_cast<int32_t>(difference.people));
  return comparison;
}

}  // namespace veche::classification

#include "services/classification/classifier/danger.h"

namespace veche::classification {
namespace {

// Log odds, by cross-validation on seed/danger_examples_*.tsv, and so that few ordinary appeals
// raise an alarm: one in thirty of two cities' real ones.
constexpr double kAlarmFrom = -0.5;

// Of fewer words the model knows too little; the rules know «пожар!».
constexpr size_t kFewestWords = 3;

}  // namespace

std::optional<Emergency> DangerDetector::Find(absl::string_view text, const WordScan& scan,
                                              const Wording& wording) const {
  if (std::optional<Emergency> by_rule = rules_.Find(text, scan)) return by_rule;
  if (scan.words.size() < kFewestWords || wording.danger.odds <= kAlarmFrom) return std::nullopt;
  const Passage& passage = wording.danger.passage;
  const Passage evidence = model_.Evidence(scan, passage);
  return Emergency{model_.KindOf(scan, passage),
                   scan.Quote(text, evidence.first, evidence.last - 1)};
}

std::optional<Emergency> DangerDetector::Find(absl::string_view text) const {
  const WordScan scan(text);
  return Find(text, scan, model_.Judge(scan));
}

}  // namespace veche::classification

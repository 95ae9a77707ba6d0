#include "services/classification/classifier/danger.h"

namespace veche::classification {
namespace {

// Threshold in log odds, chosen by cross-validation on seed/danger_examples_*.tsv, such that one in
// thirty real appeals of two cities raises an alarm.
constexpr double kAlarmFrom = -0.5;

// With fewer words the model is not reliable; the rules find «пожар!».
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

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/wording/phrases.h"
#include "services/classification/wording/wording_model.h"

namespace veche::classification {

// Whether a moderator should look at a text. Nothing is ever refused or hidden for it.
struct ModerationScores {
  double toxicity = 0;               // 0..1: abuse or a threat
  double spam = 0;                   // 0..1: an advert, a chain letter, keys pressed at random
  std::vector<std::string> reasons;  // "threat", "gambling" …, of a score that is high
  bool NeedsReview() const { return !reasons.empty(); }
};

// From this on a score is high.
inline constexpr double kReviewFrom = 0.5;

// A weighted lexicon: each pattern found adds its weight once, what speaks against takes away, the
// wording adds where it is sure, and the sum goes through a logistic function.
// Immutable, thread-safe.
class ModerationRules {
 public:
  // Lines "score <tab> weight <tab> reason <tab> pattern" under a header; the score is "toxicity"
  // or "spam" (see PhraseMatcher for patterns). InvalidArgument with the line.
  static absl::StatusOr<ModerationRules> Parse(absl::string_view rules);

  // `scan` is of `text`, `tone` what a model says of its wording; without one the rules speak
  // alone.
  ModerationScores Judge(absl::string_view text, const WordScan& scan,
                         const Tone* tone = nullptr) const;

 private:
  enum class Score { kToxicity, kSpam };
  struct Rule {
    Score score = Score::kToxicity;
    double weight = 0;
    std::string reason;
  };
  ModerationRules(PhraseMatcher matcher, std::vector<Rule> rules)
      : matcher_(std::move(matcher)), rules_(std::move(rules)) {}

  PhraseMatcher matcher_;
  std::vector<Rule> rules_;  // by pattern
};

}  // namespace veche::classification

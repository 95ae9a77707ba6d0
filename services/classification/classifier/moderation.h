#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/wording/phrases.h"
#include "services/classification/wording/wording_model.h"

namespace veche::classification {

// Whether a moderator should review a text. No text is refused or hidden because of the scores.
struct ModerationScores {
  double toxicity = 0;               // 0..1: abuse or a threat
  double spam = 0;                   // 0..1: an advert, a chain letter, keys pressed at random
  std::vector<std::string> reasons;  // "threat", "gambling" …, of the high scores
  bool NeedsReview() const { return !reasons.empty(); }
};

// A score from here on is high.
inline constexpr double kReviewFrom = 0.5;

// A weighted lexicon: each pattern that is found adds its weight once (negative weights reduce the
// sum), the wording model adds where it is sure, and the score is a logistic function of the sum.
// Immutable, thread-safe.
class ModerationRules {
 public:
  // Lines "score <tab> weight <tab> reason <tab> pattern" under a header; the score is "toxicity"
  // or "spam" (see PhraseMatcher for patterns). InvalidArgument with the line.
  static absl::StatusOr<ModerationRules> Parse(absl::string_view rules);

  // `scan` is that of `text`, `tone` the wording model's result; null: rules only.
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

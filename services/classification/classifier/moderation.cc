#include "services/classification/classifier/moderation.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/domain/tsv.h"

namespace veche::classification {
namespace {

// Gives a score of 2 % when nothing is found, so that no single mild word is enough.
constexpr double kBias = -4;
constexpr double kLink = 2.4;
constexpr double kMoreLinks = 2;
constexpr double kHandle = 1;  // "@name"
constexpr double kNonsense = 5;
// The weight of log odds above `from`, chosen by cross-validation on seed/moderation_examples.tsv
// such that fewer than one in two hundred real appeals is flagged.
struct Wording {
  double from = 0;
  double weight = 0;
};
constexpr Wording kToxicWording = {.from = -1.5, .weight = 1.3};
constexpr Wording kSpamWording = {.from = -3.5, .weight = 3};
constexpr size_t kManyEmoji = 10;
constexpr size_t kLongRun = 12;  // of one letter
constexpr size_t kManyRepeats = 5;

double Logistic(double x) { return 1 / (1 + std::exp(-x)); }

size_t Count(absl::string_view text, absl::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != absl::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

bool HasHandle(absl::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '@' && absl::ascii_isalpha(text[i + 1]) && (i == 0 || text[i - 1] == ' ')) {
      return true;
    }
  }
  return false;
}

// «ааааааааааааа»: a word that consists almost entirely of one letter.
bool HasLongRun(const WordScan& scan) {
  for (size_t i = 0; i < scan.words.size(); ++i) {
    const absl::string_view word = scan.Folded(i);
    const size_t size = word.empty() || (word[0] & 0x80) == 0 ? 1 : 2;
    size_t run = 1;
    for (size_t at = size; at + size <= word.size(); at += size) {
      run = word.substr(at, size) == word.substr(at - size, size) ? run + 1 : 1;
      if (run >= kLongRun) return true;
    }
  }
  return false;
}

// «купи слона купи слона»: one word is at least half of the text.
bool RepeatsAWord(const WordScan& scan) {
  if (scan.words.size() < 2 * kManyRepeats - 2) return false;
  absl::flat_hash_map<absl::string_view, size_t> counts;
  size_t most = 0;
  for (size_t i = 0; i < scan.words.size(); ++i) most = std::max(most, ++counts[scan.Folded(i)]);
  return most >= kManyRepeats - 1 && 2 * most >= scan.words.size();
}

struct Sum {
  double value = kBias;
  std::vector<std::string> reasons;
  void Add(double weight, absl::string_view reason) {
    value += weight;
    const std::string name(reason);
    if (weight > 0 && std::find(reasons.begin(), reasons.end(), name) == reasons.end()) {
      reasons.push_back(name);
    }
  }
};

// The wording model alone is enough only where it is very sure.
void AddWording(double odds, const Wording& wording, Sum& sum) {
  if (odds > wording.from) sum.Add((odds - wording.from) * wording.weight, "wording");
}

void AddShape(absl::string_view text, const WordScan& scan, Sum& spam) {
  const size_t links = Count(text, "://") + Count(text, "www.") + Count(text, "t.me/");
  if (links > 0) spam.Add(links > 2 ? kLink + kMoreLinks : kLink, "link");
  if (HasHandle(text)) spam.Add(kHandle, "contact");
  const bool emoji = scan.words.empty() && Count(text, "\xF0\x9F") >= kManyEmoji;
  if (emoji || HasLongRun(scan) || RepeatsAWord(scan)) spam.Add(kNonsense, "nonsense");
}

}  // namespace

absl::StatusOr<ModerationRules> ModerationRules::Parse(absl::string_view rules) {
  ASSIGN_OR_RETURN(const Table table, ParseTable(rules, {"score", "weight", "reason", "pattern"}));
  std::vector<Rule> parsed;
  std::vector<std::string> patterns;
  for (const TableRow& row : table.rows) {
    Rule rule = {.score = Score::kToxicity, .weight = 0, .reason = row.cells[2]};
    if (row.cells[0] == "spam") {
      rule.score = Score::kSpam;
    } else if (row.cells[0] != "toxicity") {
      return LineError(row.line, absl::StrCat("unknown score \"", row.cells[0], "\""));
    }
    if (!absl::SimpleAtod(row.cells[1], &rule.weight)) {
      return LineError(row.line, absl::StrCat("\"", row.cells[1], "\" is not a weight"));
    }
    parsed.push_back(std::move(rule));
    patterns.push_back(row.cells[3]);
  }
  ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::Compile(patterns));
  return ModerationRules(std::move(matcher), std::move(parsed));
}

ModerationScores ModerationRules::Judge(absl::string_view text, const WordScan& scan,
                                        const Tone* tone) const {
  Sum toxicity;
  Sum spam;
  std::vector<bool> counted(rules_.size());
  for (const PhraseMatch& match : matcher_.Find(scan)) {
    if (counted[match.pattern]) continue;
    counted[match.pattern] = true;
    const Rule& rule = rules_[match.pattern];
    (rule.score == Score::kSpam ? spam : toxicity).Add(rule.weight, rule.reason);
  }
  AddShape(text, scan, spam);
  if (tone != nullptr) {
    AddWording(tone->toxicity, kToxicWording, toxicity);
    AddWording(tone->spam, kSpamWording, spam);
  }
  ModerationScores scores = {
      .toxicity = Logistic(toxicity.value), .spam = Logistic(spam.value), .reasons = {}};
  if (scores.toxicity >= kReviewFrom) scores.reasons = std::move(toxicity.reasons);
  if (scores.spam >= kReviewFrom) {
    scores.reasons.insert(scores.reasons.end(), spam.reasons.begin(), spam.reasons.end());
  }
  return scores;
}

}  // namespace veche::classification

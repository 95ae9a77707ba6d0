#include "services/classification/classifier/priority.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/domain/tsv.h"

namespace veche::classification {
namespace {

constexpr int kMostPoints = 100;

}  // namespace

absl::StatusOr<PriorityRules> PriorityRules::Parse(absl::string_view rules) {
  ASSIGN_OR_RETURN(const Table table, ParseTable(rules, {"reason", "points", "by", "value"}));
  std::vector<std::string> patterns;
  std::vector<Weight> words;
  Weights topics;
  Weights hazards;
  for (const TableRow& row : table.rows) {
    Weight weight = {.reason = row.cells[0], .points = 0};
    if (!absl::SimpleAtoi(row.cells[1], &weight.points) || weight.points == 0 ||
        weight.points > kMostPoints || weight.points < -kMostPoints) {
      return LineError(row.line, "points must be a whole number from -100 to 100, not 0");
    }
    if (row.cells[2] == "words") {
      patterns.push_back(row.cells[3]);
      words.push_back(std::move(weight));
    } else if (row.cells[2] == "topic") {
      topics.insert_or_assign(row.cells[3], std::move(weight));
    } else if (row.cells[2] == "hazard") {
      hazards.insert_or_assign(row.cells[3], std::move(weight));
    } else {
      return LineError(row.line, absl::StrCat("\"", row.cells[2],
                                              "\": a reason goes by words, topic or hazard"));
    }
  }
  ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::Compile(patterns));
  return PriorityRules(std::move(matcher), std::move(words), std::move(topics), std::move(hazards));
}

triage::Assessment PriorityRules::Judge(const PriorityInputs& inputs) const {
  std::vector<triage::Reason> reasons;
  if (inputs.emergency != nullptr) {
    auto hazard = hazards_.find(inputs.emergency->kind);
    if (hazard == hazards_.end()) hazard = hazards_.find("*");
    const int points = hazard == hazards_.end() ? kMostPoints : hazard->second.points;
    reasons.push_back({std::string(triage::kHazard), points,
                       absl::StrCat(inputs.emergency->kind, ": ", inputs.emergency->evidence)});
  }
  if (const auto topic = topics_.find(inputs.topic); topic != topics_.end()) {
    reasons.push_back({topic->second.reason, topic->second.points, std::string(inputs.topic)});
  }
  for (const PhraseMatch& match : matcher_.Find(inputs.scan)) {
    const Weight& weight = words_[match.pattern];
    reasons.push_back(
        {weight.reason, weight.points, inputs.scan.Quote(inputs.text, match.first, match.last)});
  }
  return triage::Assess(std::move(reasons));
}

}  // namespace veche::classification

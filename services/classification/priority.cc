#include "services/classification/priority.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/classification/tsv.h"

namespace veche::classification {

absl::StatusOr<PriorityRules> PriorityRules::Parse(absl::string_view rules) {
  ASSIGN_OR_RETURN(const Table table, ParseTable(rules, {"priority", "by", "value"}));
  std::vector<std::string> patterns;
  std::vector<Priority> priorities;
  absl::flat_hash_set<std::string> topics;
  for (const TableRow& row : table.rows) {
    const bool high = row.cells[0] == "high";
    if (!high && row.cells[0] != "low")
      return LineError(row.line, "the priority is not high or low");
    if (row.cells[1] == "words") {
      patterns.push_back(row.cells[2]);
      priorities.push_back(high ? Priority::kHigh : Priority::kLow);
    } else if (row.cells[1] == "topic" && high) {
      topics.insert(row.cells[2]);
    } else {
      return LineError(row.line, "only high goes by topic, both go by words");
    }
  }
  ASSIGN_OR_RETURN(PhraseMatcher matcher, PhraseMatcher::Compile(patterns));
  return PriorityRules(std::move(matcher), std::move(priorities), std::move(topics));
}

Priority PriorityRules::Judge(absl::string_view topic, absl::string_view text) const {
  bool low = false;
  for (const PhraseMatch& match : matcher_.Find(text)) {
    if (priorities_[match.pattern] == Priority::kHigh) return Priority::kHigh;
    low = true;
  }
  // Thanks for a mended manhole are no reason to hurry.
  if (low) return Priority::kLow;
  return high_topics_.contains(topic) ? Priority::kHigh : Priority::kNormal;
}

}  // namespace veche::classification

#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/phrases.h"

namespace veche::classification {

// Ordered: the higher the sooner.
enum class Priority { kLow, kNormal, kHigh, kEmergency };

// How urgent an appeal is that is no emergency, by its topic and words. Immutable, thread-safe.
class PriorityRules {
 public:
  // Lines "priority <tab> by <tab> value" under a header: `high topic <topic>`,
  // `high|low words <pattern>` (see PhraseMatcher). InvalidArgument with the line.
  static absl::StatusOr<PriorityRules> Parse(absl::string_view rules);

  // High beats low.
  Priority Judge(absl::string_view topic, absl::string_view text) const;

 private:
  PriorityRules(PhraseMatcher matcher, std::vector<Priority> priorities,
                absl::flat_hash_set<std::string> topics)
      : matcher_(std::move(matcher)),
        priorities_(std::move(priorities)),
        high_topics_(std::move(topics)) {}

  PhraseMatcher matcher_;
  std::vector<Priority> priorities_;  // by pattern
  absl::flat_hash_set<std::string> high_topics_;
};

}  // namespace veche::classification

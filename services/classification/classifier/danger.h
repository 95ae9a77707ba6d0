#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "services/classification/wording/emergency.h"
#include "services/classification/wording/wording_model.h"

namespace veche::classification {

// Danger to people: what the rules find, and where they find none, wording that sounds like that of
// people in danger. The rules can be explained, so they come first and nothing takes their alarm
// back. Keeps references; thread-safe.
class DangerDetector {
 public:
  DangerDetector(const EmergencyRules& rules, const WordingModel& model)
      : rules_(rules), model_(model) {}

  // `scan` is of `text`, `wording` is what the model says of it. The evidence of the model are the
  // few words that weigh most.
  std::optional<Emergency> Find(absl::string_view text, const WordScan& scan,
                                const Wording& wording) const;
  std::optional<Emergency> Find(absl::string_view text) const;

 private:
  const EmergencyRules& rules_;
  const WordingModel& model_;
};

}  // namespace veche::classification

#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "services/classification/wording/emergency.h"
#include "services/classification/wording/wording_model.h"

namespace veche::classification {

// Finds danger to people: by rules, and where they find none by the wording model. The rules can be
// explained, so they come first and nothing cancels their alarm. Keeps references to both;
// thread-safe.
class DangerDetector {
 public:
  DangerDetector(const EmergencyRules& rules, const WordingModel& model)
      : rules_(rules), model_(model) {}

  // `scan` is that of `text`, `wording` the model's result for it. The evidence of the model is the
  // few words with the largest weights.
  std::optional<Emergency> Find(absl::string_view text, const WordScan& scan,
                                const Wording& wording) const;
  std::optional<Emergency> Find(absl::string_view text) const;

 private:
  const EmergencyRules& rules_;
  const WordingModel& model_;
};

}  // namespace veche::classification

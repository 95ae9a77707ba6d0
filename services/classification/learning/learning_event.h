#pragma once

#include <optional>
#include <vector>

#include "common/events/event_log.h"
#include "services/classification/domain/decision.h"

namespace veche::classification {

// What an event of appeals tells the classifier.
struct LearningEvent {
  std::optional<Routing> routing;
  std::vector<StaffDecision> decisions;
};

// Reads an event of the appeals' log. Only staff decide: they change a category or department,
// leave both as they are when they start or answer the appeal, or merge a repeat. Nullopt when the
// event's data cannot be read. Pure.
std::optional<LearningEvent> ReadLearningEvent(const events::Event& event);

}  // namespace veche::classification

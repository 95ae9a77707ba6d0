#include "services/classification/workers/intake.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/stable_hash.h"
#include "common/base/status_macros.h"

namespace veche::classification {

bool IsSampled(absl::string_view appeal, double share) {
  uint64_t hash = StableHash(appeal);
  hash ^= hash >> 33;
  return static_cast<double>(hash % 10'000) < share * 10'000;
}

absl::StatusOr<events::Effect> Intake::Decide(absl::Span<const events::Event> batch) {
  std::vector<LearningEvent> read;
  for (const events::Event& event : batch) {
    std::optional<LearningEvent> learned = ReadLearningEvent(event);
    if (!learned) {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
    } else if (learned->routing || !learned->decisions.empty()) {
      read.push_back(*std::move(learned));
    }
  }
  if (read.empty()) return events::Effect();
  AskShadow(read);
  return [this, read = std::move(read)](sql::Transaction& transaction) -> absl::Status {
    for (const LearningEvent& event : read) {
      if (event.routing) RETURN_IF_ERROR(store_.PutRouting(transaction, *event.routing));
      for (const StaffDecision& decided : event.decisions) {
        RETURN_IF_ERROR(store_.PutDecision(transaction, decided));
      }
    }
    return absl::OkStatus();
  };
}

// Failures are logged only: they must not hold up decisions.
void Intake::AskShadow(std::vector<LearningEvent>& read) {
  const std::shared_ptr<const Classifier> shadow = shadow_();
  if (shadow == nullptr) return;
  std::vector<std::string> names;
  for (const LearningEvent& event : read) {
    if (event.routing && IsSampled(event.routing->appeal, options_.shadow_share)) {
      names.push_back(event.routing->appeal);
    }
  }
  if (names.empty()) return;
  const auto texts = texts_.Fetch(names);
  if (!texts.ok()) {
    telemetry_.logger->Warning("shadow not asked", {{"error", texts.status().ToString()}});
    return;
  }
  for (LearningEvent& event : read) {
    if (!event.routing) continue;
    const auto text = texts->find(event.routing->appeal);
    if (text == texts->end()) continue;
    const Suggestion suggestion =
        shadow->Suggest(text->second.text, {.evidence = false, .places = text->second.places});
    if (suggestion.candidates.empty()) continue;
    event.routing->shadow_model = shadow->model().version();
    event.routing->shadow = absl::StrCat("categories/", suggestion.candidates[0].topic->id);
  }
}

}  // namespace veche::classification

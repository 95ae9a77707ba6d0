#include "services/classification/workers/intake.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::classification {

bool IsSampled(absl::string_view appeal, double share) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : appeal) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash ^= hash >> 33;
  return static_cast<double>(hash % 10'000) < share * 10'000;
}

absl::StatusOr<events::Effect> Intake::Decide(absl::Span<const events::Event> batch) {
  std::vector<Lesson> lessons;
  for (const events::Event& event : batch) {
    std::optional<Lesson> lesson = ReadLesson(event);
    if (!lesson) {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
    } else if (lesson->routing || !lesson->decisions.empty()) {
      lessons.push_back(*std::move(lesson));
    }
  }
  if (lessons.empty()) return events::Effect();
  AskShadow(lessons);
  return [this, lessons = std::move(lessons)](sql::Transaction& transaction) -> absl::Status {
    for (const Lesson& lesson : lessons) {
      if (lesson.routing) RETURN_IF_ERROR(store_.PutRouting(transaction, *lesson.routing));
      for (const Decided& decided : lesson.decisions) {
        RETURN_IF_ERROR(store_.PutDecision(transaction, decided));
      }
    }
    return absl::OkStatus();
  };
}

// A shadow that cannot be asked is no reason to hold up what people decided.
void Intake::AskShadow(std::vector<Lesson>& lessons) {
  const std::shared_ptr<const Classifier> shadow = shadow_();
  if (shadow == nullptr) return;
  std::vector<std::string> names;
  for (const Lesson& lesson : lessons) {
    if (lesson.routing && IsSampled(lesson.routing->appeal, options_.shadow_share)) {
      names.push_back(lesson.routing->appeal);
    }
  }
  if (names.empty()) return;
  const auto texts = texts_.Fetch(names);
  if (!texts.ok()) {
    telemetry_.logger->Warning("shadow not asked", {{"error", texts.status().ToString()}});
    return;
  }
  for (Lesson& lesson : lessons) {
    if (!lesson.routing) continue;
    const auto text = texts->find(lesson.routing->appeal);
    if (text == texts->end()) continue;
    const Suggestion suggestion =
        shadow->Suggest(text->second.text, {.evidence = false, .places = text->second.places});
    if (suggestion.candidates.empty()) continue;
    lesson.routing->shadow_model = shadow->model().version();
    lesson.routing->shadow = absl::StrCat("categories/", suggestion.candidates[0].topic->id);
  }
}

}  // namespace veche::classification

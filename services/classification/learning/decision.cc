#include "services/classification/learning/decision.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::classification {
namespace {

// Who begins or answers an appeal has read it and lets its labels stand.
bool LetsStand(absl::string_view type) { return type == "started" || type == "resolved"; }

void AddLabel(LabelKind kind, const std::string& label, bool changed, const std::string& previous,
              bool lets_stand, const Decided& common, std::vector<Decided>& decisions) {
  if (label.empty() || (!changed && !lets_stand)) return;
  Decided decided = common;
  decided.kind = kind;
  decided.label = label;
  decided.decision = changed ? Decision::kChanged : Decision::kKept;
  decided.previous = changed ? previous : label;
  decisions.push_back(std::move(decided));
}

}  // namespace

std::optional<Lesson> ReadLesson(const events::Event& event) {
  appeals::v1::AppealEvent data;
  if (!data.ParseFromString(event.data) || data.appeal().empty()) return std::nullopt;
  Lesson lesson;
  if (data.has_suggestion()) {
    lesson.routing = Routing{.appeal = data.appeal(),
                             .category = data.suggestion().category(),
                             .department = data.department(),
                             .model = data.suggestion().model(),
                             .confident = data.suggestion().confident(),
                             .time = event.time};
  }
  if (!absl::StartsWith(data.actor(), "staff/")) return lesson;
  const absl::string_view type = absl::StripPrefix(event.type, "veche.appeals.");
  const Decided common = {.appeal = data.appeal(), .staff = data.actor(), .time = event.time};
  AddLabel(LabelKind::kCategory, data.category(), data.has_previous_category(),
           data.previous_category(), LetsStand(type), common, lesson.decisions);
  // What a rule of the city says is no person's judgement of the text, and no text can teach it.
  if (data.routed_by() != appeals::v1::Routing::RULE) {
    AddLabel(LabelKind::kDepartment, data.department(), data.has_previous_department(),
             data.previous_department(), LetsStand(type), common, lesson.decisions);
  }
  if (type == "merged" && !data.merged_into().empty()) {
    Decided merged = common;
    merged.kind = LabelKind::kMerge;
    merged.decision = Decision::kMerged;
    merged.label = data.merged_into();
    lesson.decisions.push_back(std::move(merged));
  }
  return lesson;
}

double WeightOf(Decision decision) {
  return decision == Decision::kChanged || decision == Decision::kCorrected ? 1.0 : 0.5;
}

}  // namespace veche::classification

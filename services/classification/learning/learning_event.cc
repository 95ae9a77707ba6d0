#include "services/classification/learning/learning_event.h"

#include "absl/strings/match.h"
#include "common/events/type_name.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::classification {
namespace {

using appeals::v1::AppealEvent;

// A person who starts or answers an appeal has read it and accepts its labels.
bool AcceptsLabels(AppealEvent::Type type) {
  return type == AppealEvent::STARTED || type == AppealEvent::RESOLVED;
}

void AddLabel(LabelKind kind, const std::string& label, bool changed, const std::string& previous,
              bool accepted, const StaffDecision& common, std::vector<StaffDecision>& decisions) {
  if (label.empty() || (!changed && !accepted)) return;
  StaffDecision decided = common;
  decided.kind = kind;
  decided.label = label;
  decided.decision = changed ? Decision::kChanged : Decision::kKept;
  decided.previous = changed ? previous : label;
  decisions.push_back(std::move(decided));
}

}  // namespace

std::optional<LearningEvent> ReadLearningEvent(const events::Event& event) {
  AppealEvent data;
  if (!data.ParseFromString(event.data) || data.appeal().empty()) return std::nullopt;
  LearningEvent result;
  if (data.has_suggestion()) {
    result.routing = Routing{.appeal = data.appeal(),
                             .category = data.suggestion().category(),
                             .department = data.department(),
                             .model = data.suggestion().model(),
                             .confident = data.suggestion().confident(),
                             .time = event.time};
  }
  if (!absl::StartsWith(data.actor(), "staff/")) return result;
  const auto type = events::ParseType<AppealEvent::Type>(event.type);
  const StaffDecision common = {.appeal = data.appeal(), .staff = data.actor(), .time = event.time};
  AddLabel(LabelKind::kCategory, data.category(), data.has_previous_category(),
           data.previous_category(), AcceptsLabels(type), common, result.decisions);
  // A department set by a rule of the city says nothing about the text.
  if (data.routed_by() != appeals::v1::Routing::RULE) {
    AddLabel(LabelKind::kDepartment, data.department(), data.has_previous_department(),
             data.previous_department(), AcceptsLabels(type), common, result.decisions);
  }
  if (type == AppealEvent::MERGED && !data.merged_into().empty()) {
    StaffDecision merged = common;
    merged.kind = LabelKind::kMerge;
    merged.decision = Decision::kMerged;
    merged.label = data.merged_into();
    result.decisions.push_back(std::move(merged));
  }
  return result;
}

}  // namespace veche::classification

#include "services/classification/calls/convert.h"

#include "absl/strings/str_cat.h"

namespace veche::classification {
namespace {

v1::Candidate ToProto(const Candidate& candidate, text::Language language) {
  v1::Candidate proto;
  proto.set_category(absl::StrCat("categories/", candidate.topic->id));
  proto.set_title(candidate.topic->titles.In(language));
  proto.set_department(absl::StrCat("departments/", candidate.department));
  proto.set_probability(candidate.probability);
  for (const std::string& word : candidate.evidence) proto.add_evidence(word);
  for (const std::string& word : candidate.counter_evidence) proto.add_counter_evidence(word);
  return proto;
}

}  // namespace

v1::Priority ToProto(Priority priority) {
  switch (priority) {
    case Priority::kLow:
      return v1::LOW;
    case Priority::kNormal:
      return v1::NORMAL;
    case Priority::kHigh:
      return v1::HIGH;
    case Priority::kEmergency:
      return v1::EMERGENCY;
  }
  return v1::PRIORITY_UNSPECIFIED;
}

v1::SuggestResponse ToProto(const Suggestion& suggestion, const Model& model) {
  v1::SuggestResponse response;
  for (const Candidate& candidate : suggestion.candidates) {
    *response.add_candidates() = ToProto(candidate, suggestion.language);
  }
  for (const DepartmentGuess& guess : suggestion.departments) {
    v1::SuggestedDepartment& department = *response.add_departments();
    department.set_kind(guess.kind);
    department.set_probability(guess.probability);
  }
  response.set_priority(ToProto(suggestion.priority));
  if (suggestion.emergency) response.set_emergency(suggestion.emergency->kind);
  if (!suggestion.advice.empty()) response.set_advice(suggestion.advice);
  const absl::string_view language = text::LanguageCode(suggestion.language);
  response.set_language(language.data(), language.size());
  response.set_priority_score(suggestion.urgency.score);
  for (const triage::Reason& reason : suggestion.urgency.reasons) {
    v1::PriorityReason& proto = *response.add_priority_reasons();
    proto.set_reason(reason.reason);
    proto.set_points(reason.points);
    proto.set_evidence(reason.evidence);
  }
  response.mutable_moderation()->set_toxicity(suggestion.moderation.toxicity);
  response.mutable_moderation()->set_spam(suggestion.moderation.spam);
  for (const std::string& reason : suggestion.moderation.reasons) {
    response.mutable_moderation()->add_reasons(reason);
  }
  response.set_confident(suggestion.confident);
  response.set_sure_from(suggestion.sure_from);
  response.set_model(model.version());
  return response;
}

}  // namespace veche::classification

#include "services/classification/classifier/classifier.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/classification/classifier/danger.h"
#include "services/classification/model/evidence.h"

namespace veche::classification {
namespace {

constexpr size_t kCandidates = 3;
constexpr double kWorthTelling = 0.01;  // least probability of candidates after the third
constexpr uint32_t kFewestDepartments =
    200;  // texts with a department, below which the model's departments are not used

void AddEvidence(const Model& model, absl::string_view text, const std::vector<Ranked>& best,
                 std::vector<Candidate>& candidates) {
  std::vector<size_t> labels;
  for (const Ranked& ranked : best) labels.push_back(ranked.label);
  const Model::Explanation explanation = model.Explain(text, labels);
  for (size_t i = 0; i < candidates.size(); ++i) {
    Evidence evidence = MakeEvidence(explanation, i);
    candidates[i].evidence = std::move(evidence.pro);
    candidates[i].counter_evidence = std::move(evidence.contra);
  }
}

// Danger, priority and moderation, from one scan of the words.
void ApplyRules(absl::string_view text, absl::string_view topic, Suggestion& suggestion) {
  const WordScan scan(text);
  const Wording wording = DefaultWording().Judge(scan);
  suggestion.emergency =
      DangerDetector(DefaultEmergencyRules(), DefaultWording()).Find(text, scan, wording);
  if (suggestion.emergency) {
    suggestion.advice = std::string(
        DefaultEmergencyRules().Advice(suggestion.emergency->kind, suggestion.language));
  }
  suggestion.urgency = DefaultPriorityRules().Judge(
      {.topic = topic,
       .text = text,
       .scan = scan,
       .emergency = suggestion.emergency ? &*suggestion.emergency : nullptr});
  suggestion.priority = suggestion.urgency.level;
  suggestion.moderation = DefaultModerationRules().Judge(text, scan, &wording.tone);
}

}  // namespace

absl::StatusOr<Classifier> Classifier::Create(Model model) {
  std::vector<const Topic*> topics;
  for (const std::string& label : model.labels()) {
    topics.push_back(FindTopic(label));
    if (topics.back() == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the model knows the topic \"", label, "\", this program does not"));
    }
  }
  return Classifier(std::move(model), std::move(topics));
}

// A model that was trained on few departments, or never on the usual one of the topic, would
// suggest the few that it knows for every text.
bool Classifier::KnowsDepartmentsOf(size_t topic) const {
  const Model::Parts& parts = model_.parts();
  const std::vector<std::string>& kinds = parts.labels[kDepartment];
  return parts.layout.heads[kDepartment].count > 1 &&
         parts.report.heads[kDepartment].examples >= kFewestDepartments &&
         absl::c_binary_search(kinds, topics_[topic]->department_kind);
}

std::string Classifier::DepartmentOf(size_t topic, size_t place) const {
  const Model::Parts& parts = model_.parts();
  if (!KnowsDepartmentsOf(topic)) return topics_[topic]->department_kind;
  const std::vector<std::string>& names = parts.labels[kDepartment];
  const float* shares = parts.combination.places[place].departments.data() + topic * names.size();
  return names[static_cast<size_t>(std::max_element(shares, shares + names.size()) - shares)];
}

Suggestion Classifier::Suggest(absl::string_view text, const SuggestOptions& options) const {
  Suggestion suggestion;
  suggestion.language = text::GuessLanguage(text);
  const size_t place = model_.FindPlace(options.places);
  Prediction prediction;
  model_.Predict(text, place, prediction);
  std::vector<Ranked> best = Best(prediction.topics(), options.candidates);
  while (best.size() > kCandidates && best.back().probability < kWorthTelling) best.pop_back();
  for (const Ranked& ranked : best) {
    suggestion.candidates.push_back({.topic = topics_[ranked.label],
                                     .probability = ranked.probability,
                                     .department = DepartmentOf(ranked.label, place)});
  }
  if (KnowsDepartmentsOf(best.front().label)) {
    const std::vector<std::string>& kinds = model_.labels(kDepartment);
    for (const Ranked& ranked : Best(prediction.departments(), kCandidates)) {
      suggestion.departments.push_back({kinds[ranked.label], ranked.probability});
    }
  }
  if (options.evidence) AddEvidence(model_, text, best, suggestion.candidates);
  const Candidate& first = suggestion.candidates.front();
  suggestion.sure_from = 1 - 1 / options.wrong_cost;
  suggestion.confident = first.probability > suggestion.sure_from;
  // A topic that is probably wrong does not add to the priority.
  absl::string_view likely;
  if (first.probability >= 0.5) likely = first.topic->id;
  ApplyRules(text, options.topic.empty() ? likely : options.topic, suggestion);
  return suggestion;
}

}  // namespace veche::classification

#include "services/classification/learning/candidate.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "services/classification/learning/scores.h"
#include "services/classification/model/model_file.h"
#include "services/classification/training/trainer.h"

namespace veche::classification {
namespace {

constexpr double kNewest = 0.2;  // share of the decisions that is held out

absl::Status CheckNotCancelled(const CandidateOptions& options) {
  if (options.cancelled && options.cancelled())
    return absl::CancelledError("the process is stopping");
  return absl::OkStatus();
}

absl::StatusOr<Model> Train(const BaseExamples& base, absl::Span<const DecidedText> texts,
                            const std::string& source, const CandidateOptions& options) {
  std::vector<Example> examples = base.examples;
  for (const DecidedText& text : texts) examples.push_back(text.labelled.example);
  return TrainModel(examples, {.source = source, .cancelled = options.cancelled});
}

std::optional<Candidate> FirstAnswer(const Classifier& classifier, const Example& example) {
  Suggestion suggestion =
      classifier.Suggest(example.text, {.evidence = false, .places = example.places});
  if (suggestion.candidates.empty()) return std::nullopt;
  return std::move(suggestion.candidates[0]);
}

// Tests both models on the newest decisions.
void Score(const Classifier& trained, const CandidateOptions& options,
           absl::Span<const DecidedText> newest, CandidateModel& made) {
  Tally category, group, department, active;
  for (const DecidedText& text : newest) {
    const Example& example = text.labelled.example;
    const std::optional<Candidate> said = FirstAnswer(trained, example);
    if (!said) continue;
    if (!example.department.empty()) {
      const bool same = said->department == example.department;
      department = {department.yes + (same ? 1 : 0), department.of + 1};
    }
    const Topic* right = FindTopic(example.topic);
    if (right == nullptr) continue;  // only the department was decided
    const bool is_right = said->topic->id == right->id;
    category = {category.yes + (is_right ? 1 : 0), category.of + 1};
    group = {group.yes + (said->topic->group == right->group ? 1 : 0), group.of + 1};
    if (text.time <= options.active_until) continue;
    const std::optional<Candidate> active_said = FirstAnswer(*options.active, example);
    const bool active_is_right = active_said && active_said->topic->id == right->id;
    active = {active.yes + (active_is_right ? 1 : 0), active.of + 1};
    made.newest[text.staff] += Pairs{.of = 1,
                                     .gained = is_right && !active_is_right ? 1 : 0,
                                     .lost = active_is_right && !is_right ? 1 : 0};
  }
  v1::Scores& scores = made.scores;
  *scores.mutable_category() = ToShare(category);
  *scores.mutable_group() = ToShare(group);
  *scores.mutable_department() = ToShare(department);
  *scores.mutable_active_category() = ToShare(active);
  *scores.mutable_newest() = *scores.mutable_total() = ToComparison(made.newest);
}

void Describe(const std::vector<DecidedText>& texts, v1::Scores& scores) {
  scores.set_decisions(static_cast<int64_t>(texts.size()));
  for (const DecidedText& text : texts) {
    const std::string& topic = text.labelled.example.topic;
    if (!topic.empty()) ++(*scores.mutable_category_counts())[absl::StrCat("categories/", topic)];
  }
  if (!texts.empty()) *scores.mutable_trained_until() = api::ToTimestamp(texts.back().time);
}

}  // namespace

absl::StatusOr<CandidateModel> TrainCandidate(const std::vector<DecidedText>& texts,
                                              const CandidateOptions& options) {
  const BaseExamples& base = options.base;
  if (texts.empty() && base.names.size() == 1) {
    return absl::FailedPreconditionError(
        "There is nothing to learn from: no decision of staff and no base data.");
  }
  CandidateModel made{.source = absl::StrJoin(base.names, ", ")};
  if (!texts.empty()) absl::StrAppend(&made.source, ", ", texts.size(), " decisions");
  if (options.active) made.scores.set_compared_with(options.active->model().version());

  const auto newest = static_cast<size_t>(kNewest * static_cast<double>(texts.size()));
  const absl::Span<const DecidedText> all = texts;
  if (newest > 0) {
    ASSIGN_OR_RETURN(Model model,
                     Train(base, all.subspan(0, all.size() - newest), made.source, options));
    RETURN_IF_ERROR(CheckNotCancelled(options));
    ASSIGN_OR_RETURN(const Classifier trained, Classifier::Create(std::move(model)));
    Score(trained, options, all.subspan(all.size() - newest), made);
    RETURN_IF_ERROR(CheckNotCancelled(options));
  }
  ASSIGN_OR_RETURN(const Model model, Train(base, all, made.source, options));
  RETURN_IF_ERROR(CheckNotCancelled(options));
  Describe(texts, made.scores);
  made.version = model.version();
  made.examples = model.parts().report.examples;
  made.categories = static_cast<int64_t>(model.labels().size());
  made.accuracy = model.parts().report.accuracy;
  const int64_t asked = model.parts().report.city_examples;
  *made.scores.mutable_cross_validated() =
      ToShare({.yes = std::llround(made.accuracy * static_cast<double>(asked)), .of = asked});
  made.bytes = SerializeModel(model);
  return made;
}

}  // namespace veche::classification

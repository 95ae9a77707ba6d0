#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/text/language.h"
#include "services/classification/classifier/moderation.h"
#include "services/classification/classifier/priority.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/model/model.h"
#include "services/classification/wording/emergency.h"

namespace veche::classification {

struct Candidate {
  const Topic* topic = nullptr;
  double probability = 0;
  std::string department;                     // who answers for the topic, as far as was learnt
  std::vector<std::string> evidence;          // words and phrases as written, strongest first
  std::vector<std::string> counter_evidence;  // what speaks against it
};

// A kind of department that such texts go to.
struct DepartmentGuess {
  std::string kind;
  double probability = 0;
};

struct Suggestion {
  std::vector<Candidate> candidates;              // most probable first
  std::vector<DepartmentGuess> departments = {};  // the same; empty when it has seen too few
  Priority priority = Priority::kNormal;
  triage::Assessment urgency;  // why that priority
  std::optional<Emergency> emergency;
  std::string advice;  // with an emergency
  ModerationScores moderation;
  text::Language language = text::Language::kUnknown;
  bool confident = false;  // the first candidate is above sure_from
  double sure_from = 0;    // acting alone costs less than asking a person above this probability
};

// What it costs that an appeal goes to the wrong people and back, in looks of the person who would
// say where it belongs.
inline constexpr double kUsualWrongCost = 5;

struct SuggestOptions {
  bool evidence = true;  // it takes as long as all the rest; routing does not need it
  // Where it is, the most exact first: as the training data name places (PlaceNames).
  std::vector<std::string> places = {};
  std::string topic = {};  // that a person chose; the priority is for it
  size_t candidates = 3;   // at most; beyond three none below 1 %
  double wrong_cost = kUsualWrongCost;
};

// Says what a text is about: a learned model for the topic, rules for priority, both for danger.
// Immutable, thread-safe.
class Classifier {
 public:
  // FailedPrecondition when the model knows a topic that Topics() does not.
  static absl::StatusOr<Classifier> Create(Model model);

  // Takes any bytes, in bounded time. `confident` when answering alone is expected to cost less
  // than asking a person: (1 - probability) * wrong_cost < 1.
  Suggestion Suggest(absl::string_view text, const SuggestOptions& options = {}) const;

  const Model& model() const { return model_; }

 private:
  Classifier(Model model, std::vector<const Topic*> topics)
      : model_(std::move(model)), topics_(std::move(topics)) {}

  bool KnowsDepartmentsOf(size_t topic) const;
  std::string DepartmentOf(size_t topic, size_t place) const;

  Model model_;
  std::vector<const Topic*> topics_;  // by label
};

}  // namespace veche::classification

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
  std::string department;                     // kind of department that answers for the topic
  std::vector<std::string> evidence;          // words and phrases of the text, strongest first
  std::vector<std::string> counter_evidence;  // words against the topic
};

// A kind of department that answers texts like this one.
struct DepartmentGuess {
  std::string kind;
  double probability = 0;
};

struct Suggestion {
  std::vector<Candidate> candidates;  // most probable first
  std::vector<DepartmentGuess> departments =
      {};  // most probable first; empty when the model learned too few
  Priority priority = Priority::kNormal;
  triage::Assessment urgency;  // the score and its reasons
  std::optional<Emergency> emergency;
  std::string advice;  // what to do at once; "" without an emergency
  ModerationScores moderation;
  text::Language language = text::Language::kUnknown;
  bool confident = false;  // the first candidate's probability is above sure_from
  double sure_from = 0;    // above it, acting costs less than asking a person
};

// The cost of a wrong suggestion that is followed, in reviews by a person: so many reviews cost as
// much as one appeal that goes to the wrong department and back.
inline constexpr double kDefaultWrongCost = 5;

struct SuggestOptions {
  bool evidence = true;  // takes half of the time; routing does not need it
  // The places of the text, the most exact first, as PlaceNames returns them.
  std::vector<std::string> places = {};
  std::string topic = {};  // chosen by a person; the priority is that of this topic
  size_t candidates = 3;   // at most; those after the third need at least 1 %
  double wrong_cost = kDefaultWrongCost;
};

// Classifies texts: a learned model gives topic and department, rules give the priority, rules and
// a learned model find danger. Immutable, thread-safe.
class Classifier {
 public:
  // FailedPrecondition when the model has a topic that Topics() does not have.
  static absl::StatusOr<Classifier> Create(Model model);

  // Accepts any bytes; bounded time. The suggestion is `confident` when acting on it is expected to
  // cost less than a review by a person: (1 - probability) * wrong_cost < 1.
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

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/text/language.h"
#include "services/classification/emergency.h"
#include "services/classification/model.h"
#include "services/classification/priority.h"
#include "services/classification/reference.h"

namespace veche::classification {

struct Candidate {
  const Topic* topic = nullptr;
  double probability = 0;
  std::vector<std::string> evidence;  // words as written, strongest first
};

struct Suggestion {
  std::vector<Candidate> candidates;  // most probable first
  Priority priority = Priority::kNormal;
  std::optional<Emergency> emergency;
  std::string advice;  // with an emergency
  text::Language language = text::Language::kUnknown;
  bool confident = false;
};

// Says what a text is about: a learned model for the topic, rules for danger and priority.
// Immutable, thread-safe.
class Classifier {
 public:
  // FailedPrecondition when the model knows a topic that Topics() does not.
  static absl::StatusOr<Classifier> Create(Model model);

  // Takes any bytes, in bounded time.
  Suggestion Suggest(absl::string_view text) const;

  const Model& model() const { return model_; }

 private:
  Classifier(Model model, std::vector<const Topic*> topics)
      : model_(std::move(model)), topics_(std::move(topics)) {}

  Model model_;
  std::vector<const Topic*> topics_;  // by label
};

}  // namespace veche::classification

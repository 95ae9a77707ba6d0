#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/text/language.h"
#include "services/classification/classifier/moderation.h"
#include "services/classification/classifier/priority.h"
#include "services/classification/wording/emergency.h"
#include "services/classification/wording/wording_model.h"

// The data in seed/ that is built into the program: topics and groups with titles, rules.

namespace veche::classification {

struct Titles {
  std::string russian, tatar, ukrainian, english;
  const std::string& In(text::Language language) const;  // Russian when it is not known
};

struct Topic {
  std::string id;  // of "categories/{id}" as well
  std::string group;
  Titles titles;
  std::string department_kind;  // of "departments/{id}" in a city that has not said otherwise
  int response_hours = 0;
};

// All topics, by id. Built at the first call; lives forever.
const std::vector<Topic>& Topics();
// Null when there is no such topic.
const Topic* FindTopic(absl::string_view id);

const EmergencyRules& DefaultEmergencyRules();
const PriorityRules& DefaultPriorityRules();
const ModerationRules& DefaultModerationRules();
const WordingModel& DefaultWording();

// The files of seed/ that are not texts to learn from, and those that are.
absl::Span<const EmbeddedFile> SeedFiles();
absl::Span<const EmbeddedFile> SeedTexts();
// What the build learnt of seed/moderation_examples.tsv and danger_examples_*.tsv.
absl::Span<const EmbeddedFile> WordingModelFile();

}  // namespace veche::classification

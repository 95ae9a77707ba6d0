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
  const std::string& In(text::Language language) const;  // Russian when unknown
};

struct Topic {
  std::string id;  // also the id of the category
  std::string group;
  Titles titles;
  std::string department_kind;  // the department's id in a city without departments of its own
  int response_hours = 0;
};

// All topics, by id. Built at the first call; lives forever.
const std::vector<Topic>& Topics();
// Null for an unknown id.
const Topic* FindTopic(absl::string_view id);

const EmergencyRules& DefaultEmergencyRules();
const PriorityRules& DefaultPriorityRules();
const ModerationRules& DefaultModerationRules();
const WordingModel& DefaultWording();

// The embedded files of seed/: reference tables and rules; training texts.
absl::Span<const EmbeddedFile> SeedFiles();
absl::Span<const EmbeddedFile> SeedTexts();
// The wording model that the build trained.
absl::Span<const EmbeddedFile> WordingModelFile();

}  // namespace veche::classification

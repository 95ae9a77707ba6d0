#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

// What the model of wording learns from: tables as in seed/.
struct WordingLessons {
  struct Table {
    std::string name;  // for messages: "danger_examples_ru"
    std::string text;
  };
  Table moderation;            // label ("abuse", "threat", "spam" or "-"), text
  std::vector<Table> topics;   // text: sentences about topics, fine in every way
  std::vector<Table> letters;  // text: longer ones; they count for danger only
  std::vector<Table> danger;   // kind (or "-"), text; without any it learns of tone alone
  Table meanings;              // meaning, words: which words mean much the same
  Table rules, advice;         // of EmergencyRules: what they find is not taken as fine
};

// Reads them from the folder seed/. NotFound naming the file that is missing.
absl::StatusOr<WordingLessons> ReadWordingLessons(absl::string_view folder);

// The bytes of a WordingModel. InvalidArgument with table and line. The same lessons give the same
// bytes.
absl::StatusOr<std::string> TrainWording(const WordingLessons& lessons);

}  // namespace veche::classification

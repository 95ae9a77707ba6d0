#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

// The training data of the wording model: tab-separated files with a header, like those in seed/.
struct WordingData {
  struct File {
    std::string name;  // for messages: "danger_examples_ru"
    std::string text;
  };
  File moderation;            // columns label ("abuse", "threat", "spam" or "-"), text
  std::vector<File> topics;   // column text: sentences about topics, harmless
  std::vector<File> letters;  // column text: longer ones, harmless; used for danger only
  std::vector<File> danger;   // columns kind (or "-"), text; without files only tone is learned
  File meanings;              // of WordMeanings
  File rules, advice;         // of EmergencyRules: texts that they find are not used as harmless
};

// Reads the files from the folder seed/. NotFound with the name of a file that is missing.
absl::StatusOr<WordingData> ReadWordingData(absl::string_view folder);

// The bytes of a WordingModel. InvalidArgument with file and line. The same data give the same
// bytes.
absl::StatusOr<std::string> TrainWording(const WordingData& data);

}  // namespace veche::classification

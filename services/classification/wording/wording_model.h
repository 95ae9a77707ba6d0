#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/wording/passages.h"
#include "services/classification/wording/word_scan.h"

namespace veche::classification {

// The log odds of abuse and of spam by the wording of a text.
struct Tone {
  double toxicity = 0;
  double spam = 0;
};

// The log odds of danger to people, and the passage.
struct DangerousWording {
  double odds = -100;  // of the most dangerous passage, reduced for many passages
  Passage passage;     // the most dangerous one
};

struct Wording {
  Tone tone;
  DangerousWording danger;
};

// The learned model beside the rules of moderation and danger: logistic regressions over hashed
// words, prefixes, bigrams and character n-grams, with weights of one byte, three megabytes in all.
// One scan of the text serves all of them. The build trains it from seed/ (wording_trainer.h).
// Immutable, thread-safe.
class WordingModel {
 public:
  // Keeps a reference to `bytes`. InvalidArgument when they are no wording model.
  static absl::StatusOr<WordingModel> Parse(absl::string_view bytes);

  // Toxicity and danger are those of the worst passage, because a threat at the end of a long
  // complaint is still a threat. Spam is the mean over the text, because an advert is spam
  // throughout. Linear time.
  Wording Judge(const WordScan& scan) const;

  // The most probable kind of danger of a passage.
  std::string KindOf(const WordScan& scan, const Passage& passage) const;

  // The few words of the passage with the most weight for danger.
  Passage Evidence(const WordScan& scan, const Passage& passage) const;

 private:
  struct Walk;
  explicit WordingModel(absl::string_view bytes);

  absl::string_view bytes_;
  const int8_t* weights_;       // [bucket][head]
  const int8_t* kind_weights_;  // [bucket][kind]
};

}  // namespace veche::classification

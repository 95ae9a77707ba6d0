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

// How much the wording of a text speaks for abuse and for spam, as log odds: above 0 more than
// against.
struct Tone {
  double toxicity = 0;
  double spam = 0;
};

// The same for danger to people, and where.
struct DangerousWording {
  double odds = -100;  // of its most dangerous passage, less the more passages there are
  Passage passage;     // that one
};

struct Wording {
  Tone tone;
  DangerousWording danger;
};

// What learned wording adds to the rules of moderation and of danger: logistic regressions over
// hashed words, their beginnings, pairs of words and pieces of four letters, with weights of one
// byte in three megabytes. One walk over the text serves all. Learnt by
// the build from the seed (wording_trainer.h). Immutable, thread-safe.
class WordingModel {
 public:
  // `bytes` are kept by reference. InvalidArgument when they are no such model.
  static absl::StatusOr<WordingModel> Parse(absl::string_view bytes);

  // Toxicity is that of the worst passage, of about twenty words: a threat at the end of a long
  // complaint is still one; so is danger. Spam is the mean: an advert is nothing else. Linear time.
  Wording Judge(const WordScan& scan) const;

  // The likeliest kind of danger that a passage tells of.
  std::string KindOf(const WordScan& scan, const Passage& passage) const;

  // The few words of the passage that speak most for danger.
  Passage Evidence(const WordScan& scan, const Passage& passage) const;

 private:
  struct Walk;
  explicit WordingModel(absl::string_view bytes);

  absl::string_view bytes_;
  const int8_t* weights_;       // [bucket][head]
  const int8_t* kind_weights_;  // [bucket][kind]
};

}  // namespace veche::classification

#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/word_scan.h"

namespace veche::classification {

// How much the wording of a text speaks for abuse and for spam, as log odds: above 0 more than
// against. What learned wording adds to the rules of moderation.
struct Tone {
  double toxicity = 0;
  double spam = 0;
};

// Two logistic regressions over hashed words, pairs of words and pieces of four letters, with
// weights of one byte in 128 KB: small enough for every text. Learnt by the build from
// seed/moderation_examples.tsv (tone_trainer.h). Immutable, thread-safe.
class ToneModel {
 public:
  // `bytes` are kept by reference. InvalidArgument when they are no such model.
  static absl::StatusOr<ToneModel> Parse(absl::string_view bytes);

  // Of the text's passages, of about twenty words each, the most toxic: a threat at the end of a
  // long complaint is still one. Spam is the mean: an advert is nothing else. Linear time.
  Tone Judge(const WordScan& scan) const;

 private:
  struct Head {
    float scale = 0;
    float bias = 0;
  };
  ToneModel(const int8_t* weights, Head toxicity, Head spam)
      : weights_(weights), toxicity_(toxicity), spam_(spam) {}

  const int8_t* weights_;  // [bucket][toxicity, spam]
  Head toxicity_, spam_;
};

}  // namespace veche::classification

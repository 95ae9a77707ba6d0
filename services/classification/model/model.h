#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/model/combination.h"
#include "services/classification/model/features.h"
#include "services/classification/model/scorer.h"

namespace veche::classification {

// Cross-validation of one head on the training data; zeros without labels.
struct HeadReport {
  double accuracy = 0;  // of the first answer
  double ece = 0;       // expected calibration error before calibration by Confidence
  uint32_t examples = 0;
};

// How a model was trained.
struct TrainingReport {
  std::string source;
  uint32_t examples = 0;       // all
  uint32_t city_examples = 0;  // of them, those of a city
  double accuracy = 0;         // of the first topic, in cross-validation
  std::array<HeadReport, kHeads> heads;
};

// The columns of the training data with labels and places.
struct ColumnNames {
  std::string topic, group, department, place;
};

// A linear model over hashed features with weights of one byte and three heads, and the calibration
// of its scores to probabilities. Cheap to copy; immutable; thread-safe.
class Model {
 public:
  struct Parts {
    std::array<std::vector<std::string>, kHeads> labels;
    Layout layout;  // a head without training labels has no columns
    absl::Span<const uint32_t> hashes;
    absl::Span<const float> rarity;
    absl::Span<const float> scales;
    absl::Span<const int8_t> rows;
    absl::Span<const float> biases;
    absl::Span<const uint64_t> fingerprints;  // of the texts trained on, ascending
    Combination combination;
    ColumnNames columns;
    TrainingReport report;
  };

  // `bytes` is the whole file, with which the spans of `parts` live as long as `owner` does.
  // REQUIRES: the parts fit each other (ParseModel checks what comes from files).
  Model(Parts parts, absl::string_view bytes, std::string version,
        std::shared_ptr<const void> owner);

  const std::vector<std::string>& labels(Head head = kTopic) const { return parts().labels[head]; }
  const Parts& parts() const { return content_->parts; }
  absl::string_view bytes() const { return content_->bytes; }
  // The first 12 hexadecimal digits of the SHA-256 of the model's content.
  const std::string& version() const { return content_->version; }

  // The index of the first of these places that the model has; 0, all places together, if it has
  // none.
  size_t FindPlace(absl::Span<const std::string> names) const;

  // Accepts any bytes; bounded time: reads at most kMaxWords words. Russian in Latin letters is
  // transliterated first. Allocates nothing after the first calls of a thread.
  void Predict(absl::string_view text, size_t place, Prediction& prediction) const;
  Prediction Predict(absl::string_view text) const;

  // The contribution of each word to the scores of some topics, relative to the mean of all topics.
  struct Explanation {
    std::vector<std::string> words;                  // as written
    std::vector<std::string> folded;                 // normalised
    std::vector<std::vector<double>> contributions;  // [one of `topics`][word]
  };
  Explanation Explain(absl::string_view text, absl::Span<const size_t> topics) const;

  // Clears this thread's cache of words; for benchmarks.
  void Forget() const { content_->scorer.Forget(); }

  // Whether the text was in the training data.
  bool Trained(absl::string_view text) const;

 private:
  struct Content {
    Content(Parts new_parts, absl::string_view new_bytes, std::string new_version,
            std::shared_ptr<const void> new_owner);

    const Parts parts;
    const absl::string_view bytes;
    const std::string version;
    const std::shared_ptr<const void> owner;
    const Vocabulary vocabulary;
    const Scorer scorer;
  };

  // Scores the text, or its transliteration if the model knows more words of that. Returns the text
  // that was scored, which may be in `buffer`.
  absl::string_view Read(absl::string_view text, ScoredText& scored, std::string& buffer) const;

  std::shared_ptr<const Content> content_;
};

// A label with its probability.
struct Ranked {
  size_t label = 0;
  double probability = 0;
};

// The labels, most probable first (ties by label order), at most `count`.
std::vector<Ranked> Best(absl::Span<const float> probabilities, size_t count);

// A hash that is equal for texts that differ only in case, spaces and punctuation.
uint64_t Fingerprint(absl::string_view text);

}  // namespace veche::classification

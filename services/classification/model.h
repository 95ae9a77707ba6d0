#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/classification/vocabulary.h"

namespace veche::classification {

// What is known about how a model came to be.
struct TrainingReport {
  std::string source;
  uint32_t examples = 0;
  double accuracy = 0;  // of the first answer, in cross-validation
};

// A topic that the model knows and how probable it is.
struct ScoredTopic {
  size_t label = 0;  // index in labels()
  double probability = 0;
};

// A linear model over hashed features with weights of one byte each. Immutable, thread-safe.
class Model {
 public:
  struct Parts {
    std::vector<std::string> labels;  // topics
    Vocabulary vocabulary;
    std::vector<int8_t> weights;  // [feature][label]
    std::vector<float> scales;    // of each feature's weights
    std::vector<float> biases;    // of each label
    float temperature = 1;        // scores are divided by it before the softmax
    float confident_from = 1;     // a first answer this probable may be acted on
    TrainingReport report;
  };

  // REQUIRES: the parts fit each other (ParseModel checks what comes from files).
  explicit Model(Parts parts);

  const std::vector<std::string>& labels() const { return parts_.labels; }
  const Parts& parts() const { return parts_; }
  // The first 12 hexadecimal digits of the SHA-256 of the model's content.
  const std::string& version() const { return version_; }

  // The probability of each label, in the order of labels(); sums to one.
  std::vector<double> Probabilities(const FeatureText& text) const;

  // By label of `labels`: how much each word of the text speaks for it against the mean of all
  // labels.
  std::vector<std::vector<double>> Contributions(const FeatureText& text,
                                                 absl::Span<const size_t> labels) const;

 private:
  Parts parts_;
  std::string version_;
};

// The labels, most probable first (ties by label order), at most `count`.
std::vector<ScoredTopic> Best(const std::vector<double>& probabilities, size_t count);

// Softmax with a temperature.
std::vector<double> Softmax(absl::Span<const float> scores, float temperature);

}  // namespace veche::classification

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/spam/spam_features.h"

namespace veche::classification {

// A text of which a person has said whether it is spam.
struct SpamExample {
  std::string text;
  std::vector<std::string> recent;  // the author's recent texts
  bool spam = false;
};

// Lines "label <tab> text <tab> recent" under a header; the label is "spam" or "honest", recent
// texts are separated by "||". InvalidArgument with the line.
absl::StatusOr<std::vector<SpamExample>> ParseSpamExamples(absl::string_view table);

struct SpamAssessment {
  double probability = 0;            // 0..1
  std::vector<SpamFeature> reasons;  // what speaks for spam, strongest first
};

// A logistic regression over SpamFeatures: a bias and seven weights, none of them negative, so that
// a feature can only make spam more probable and each reason is something that the author can
// change. docs/experiments/spam.md has its figures. Immutable, thread-safe.
class SpamModel {
 public:
  // Fits the weights by gradient descent; the same examples in the same order give the same
  // weights. InvalidArgument without examples of both kinds.
  static absl::StatusOr<SpamModel> Fit(absl::Span<const SpamExample> examples);
  // The model of the embedded seed/spam_examples.tsv. Takes about a tenth of a second.
  static absl::StatusOr<SpamModel> FitSeed();

  SpamAssessment Assess(absl::string_view text, absl::Span<const std::string> recent) const;

  double bias() const { return bias_; }
  const std::array<double, kSpamFeatures>& weights() const { return weights_; }

 private:
  SpamModel() = default;
  double Probability(const SpamFeatures& features) const;

  double bias_ = 0;
  std::array<double, kSpamFeatures> weights_ = {};
};

}  // namespace veche::classification

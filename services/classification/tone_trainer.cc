#include "services/classification/tone_trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/regression.h"
#include "services/classification/tone_features.h"
#include "services/classification/tsv.h"

namespace veche::classification {
namespace {

// By cross-validation on the examples.
constexpr float kCost = 15;
constexpr int kRounds = 30;
constexpr float kFineWeight = 0.1f;  // of the texts about topics: they are many
constexpr float kLargest = 127;

struct Example {
  std::vector<Term> terms;
  bool toxic = false;
  bool spam = false;
  float weight = 1;
};

std::vector<Term> TermsOf(absl::string_view text) {
  const WordScan scan(text);
  // As much as a passage of the model, so that lengths are alike.
  const size_t end = EndOfTonePassage(scan, 0);
  std::map<uint32_t, float> words, pieces;
  float word_count = 0, piece_count = 0;
  ForEachToneFeature(
      scan, 0, end, [&](uint32_t bucket) { ++words[bucket], ++word_count; },
      [&](uint32_t bucket) { ++pieces[bucket], ++piece_count; });
  for (auto& [bucket, value] : words) value /= std::sqrt(word_count);
  for (const auto& [bucket, value] : pieces) {
    words[bucket] += kTonePieceShare * value / std::sqrt(piece_count);
  }
  std::vector<Term> terms;
  for (const auto& [bucket, value] : words) terms.push_back({bucket, value});
  return terms;
}

absl::Status AddExamples(absl::string_view text, std::vector<Example>& examples) {
  ASSIGN_OR_RETURN(const Table table, ParseTable(text, {"label", "text"}));
  for (const TableRow& row : table.rows) {
    const std::string& label = row.cells[0];
    Example example = {.terms = TermsOf(row.cells[1])};
    example.toxic = label == "abuse" || label == "threat";
    example.spam = label == "spam";
    if (!example.toxic && !example.spam && label != "-") {
      return LineError(row.line, absl::StrCat("unknown label \"", label, "\""));
    }
    examples.push_back(std::move(example));
  }
  return absl::OkStatus();
}

void Append(float value, std::string& bytes) {
  char raw[sizeof(value)];
  std::memcpy(raw, &value, sizeof(value));
  bytes.append(raw, sizeof(value));
}

// One byte for each weight: what speaks for it less what speaks against.
std::string Quantise(const std::vector<float>& weights, const Layout& layout) {
  const auto odds = [&](size_t row, size_t head) {
    const float* columns = weights.data() + row * layout.stride + layout.heads[head].begin;
    return columns[1] - columns[0];
  };
  std::string bytes(kToneMagic);
  std::array<float, kToneHeads> scales = {};
  for (size_t head = 0; head < kToneHeads; ++head) {
    for (size_t row = 0; row < kToneBuckets; ++row) {
      scales[head] = std::max(scales[head], std::abs(odds(row, head)) / kLargest);
    }
    if (scales[head] == 0) scales[head] = 1;
    Append(scales[head], bytes);
    Append(odds(kToneBuckets, head), bytes);
  }
  for (size_t row = 0; row < kToneBuckets; ++row) {
    for (size_t head = 0; head < kToneHeads; ++head) {
      bytes.push_back(static_cast<char>(std::lround(odds(row, head) / scales[head])));
    }
  }
  return bytes;
}

// What many texts have tells little. The model's weights hold this as well.
std::vector<float> WeighByRarity(std::vector<Example>& examples) {
  std::vector<float> rarity(kToneBuckets, 0.0f);
  for (const Example& example : examples) {
    for (const Term& term : example.terms) ++rarity[term.index];
  }
  const float most = std::log(static_cast<float>(examples.size()));
  for (float& count : rarity) {
    count = std::sqrt(1 - std::log(std::max(count, 1.0f)) / most);
  }
  for (Example& example : examples) {
    for (Term& term : example.terms) term.value *= rarity[term.index];
  }
  return rarity;
}

}  // namespace

absl::StatusOr<std::string> TrainTone(absl::string_view examples,
                                      absl::Span<const std::string> fine) {
  std::vector<Example> all;
  RETURN_IF_ERROR(AddExamples(examples, all));
  for (const std::string& file : fine) {
    ASSIGN_OR_RETURN(const Table table, ParseTable(file, {"text"}));
    for (const TableRow& row : table.rows) {
      all.push_back({.terms = TermsOf(row.cells[0]), .weight = kFineWeight});
    }
  }
  const std::vector<float> rarity = WeighByRarity(all);
  std::vector<TrainingText> texts;
  for (const Example& example : all) {
    texts.push_back({.terms = example.terms,
                     .labels = {example.toxic, example.spam, kNoLabel},
                     .weight = example.weight});
  }
  const Layout layout = MakeLayout({2, 2, 0});
  std::vector<float> weights =
      TrainRegression(texts, kToneBuckets, layout, {.cost = kCost, .rounds = kRounds});
  for (size_t row = 0; row < kToneBuckets; ++row) {
    for (size_t c = 0; c < layout.stride; ++c) weights[row * layout.stride + c] *= rarity[row];
  }
  return Quantise(weights, layout);
}

}  // namespace veche::classification

#include "services/classification/wording/wording_trainer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/base/status_macros.h"
#include "services/classification/domain/tsv.h"
#include "services/classification/model/regression.h"
#include "services/classification/wording/emergency.h"
#include "services/classification/wording/passages.h"
#include "services/classification/wording/word_meanings.h"
#include "services/classification/wording/wording_features.h"

namespace veche::classification {
namespace {

// Weights chosen by cross-validation on the examples. Harmless texts are many and weigh little;
// letters weigh more, because long texts have more places that may sound dangerous.
struct Effort {
  float cost = 0;
  int rounds = 0;
};
constexpr Effort kForTone = {.cost = 15, .rounds = 30};
constexpr Effort kForDanger = {.cost = 10, .rounds = 20};
constexpr float kFineTone = 0.1f;
constexpr float kFineTopic = 0.3f;
constexpr float kFineLetter = 0.3f;
constexpr float kLargest = 127;

struct Example {
  std::vector<Term> terms;
  std::array<int32_t, kHeads> labels;
  float weight = 1;
};

std::vector<Term> TermsOf(const WordScan& scan, const Passage& passage) {
  std::map<uint32_t, float> words, pieces;
  float word_count = 0, piece_count = 0;
  uint64_t hash = HashBefore(scan, passage.first);
  for (size_t i = passage.first; i < passage.last; ++i) {
    ForEachWordingFeature(
        scan, i, hash, [&](uint32_t bucket) { ++words[bucket], ++word_count; },
        [&](uint32_t bucket) { ++pieces[bucket], ++piece_count; });
  }
  for (auto& [bucket, value] : words) value /= std::sqrt(word_count);
  for (const auto& [bucket, value] : pieces) {
    words[bucket] += kWordingNgramShare * value / std::sqrt(piece_count);
  }
  std::vector<Term> terms;
  for (const auto& [bucket, value] : words) terms.push_back({bucket, value});
  return terms;
}

// Uses the first passage only, so that all examples have a similar length.
void AddTone(absl::string_view text, bool toxic, bool spam, float weight,
             std::vector<Example>& examples) {
  const WordScan scan(text);
  const std::vector<Passage> passages = CutIntoPassages(scan);
  if (passages.empty()) return;
  examples.push_back({TermsOf(scan, passages[0]), {toxic, spam, kNoLabel}, weight});
}

// The status with the file's name before its message.
absl::Status In(const WordingData::File& file, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(file.name, ": ", status.message()));
}

absl::StatusOr<Table> Read(const WordingData::File& file,
                           absl::Span<const absl::string_view> columns) {
  auto table = ParseTable(file.text, columns);
  if (!table.ok()) return In(file, table.status());
  return table;
}

absl::StatusOr<std::vector<Example>> ToneExamples(const WordingData& data) {
  std::vector<Example> examples;
  ASSIGN_OR_RETURN(const Table table, Read(data.moderation, {"label", "text"}));
  for (const TableRow& row : table.rows) {
    const std::string& label = row.cells[0];
    const bool toxic = label == "abuse" || label == "threat";
    if (!toxic && label != "spam" && label != "-") {
      return In(data.moderation,
                LineError(row.line, absl::StrCat("unknown label \"", label, "\"")));
    }
    AddTone(row.cells[1], toxic, label == "spam", 1, examples);
  }
  for (const WordingData::File& file : data.topics) {
    ASSIGN_OR_RETURN(const Table fine, Read(file, {"text"}));
    for (const TableRow& row : fine.rows) AddTone(row.cells[0], false, false, kFineTone, examples);
  }
  return examples;
}

// A harmless text gives an example for each passage. A dangerous text gives one for the whole text,
// because its label does not say which passage is dangerous.
void AddDanger(absl::string_view text, int32_t kind, float weight, std::vector<Example>& examples) {
  const WordScan scan(text);
  std::vector<Passage> passages = OverlappingPassages(scan);
  if (kind >= 0 && passages.size() > 1) passages = {{0, scan.words.size()}};
  for (const Passage& passage : passages) {
    examples.push_back({TermsOf(scan, passage), {kind >= 0, kind, kNoLabel}, weight});
  }
}

absl::StatusOr<std::vector<Example>> DangerExamples(const WordingData& data,
                                                    const EmergencyRules& rules) {
  std::vector<Example> examples;
  if (data.danger.empty()) return examples;
  const std::vector<std::string> kinds = rules.Kinds();
  for (const WordingData::File& file : data.danger) {
    ASSIGN_OR_RETURN(const Table table, Read(file, {"kind", "text"}));
    for (const TableRow& row : table.rows) {
      const auto kind = std::find(kinds.begin(), kinds.end(), row.cells[0]);
      if (kind == kinds.end() && row.cells[0] != "-") {
        return In(file, LineError(row.line, absl::StrCat("unknown kind \"", row.cells[0], "\"")));
      }
      const auto label = static_cast<int32_t>(kind - kinds.begin());
      AddDanger(row.cells[1], kind == kinds.end() ? kNoLabel : label, 1, examples);
    }
  }
  const auto add_fine = [&](const WordingData::File& file, float weight) -> absl::Status {
    ASSIGN_OR_RETURN(const Table table, Read(file, {"text"}));
    for (const TableRow& row : table.rows) {
      if (!rules.Find(row.cells[0])) AddDanger(row.cells[0], kNoLabel, weight, examples);
    }
    return absl::OkStatus();
  };
  for (const auto& file : data.topics) RETURN_IF_ERROR(add_fine(file, kFineTopic));
  for (const auto& file : data.letters) RETURN_IF_ERROR(add_fine(file, kFineLetter));
  return examples;
}

void AddMeanings(const WordMeanings& meanings, std::vector<Example>& examples) {
  for (Example& example : examples) {
    std::map<uint32_t, float> added;
    for (const Term& term : example.terms) {
      for (uint32_t meaning : meanings.Of(term.index)) added[meaning] += term.value;
    }
    for (const auto& [meaning, value] : added) {
      example.terms.push_back({static_cast<uint32_t>(kWordingBuckets) + meaning, value});
    }
  }
}

// The inverse document frequency of features. The model's weights include it.
std::vector<float> WeighByRarity(size_t rows, std::vector<Example>& examples) {
  std::vector<float> rarity(rows, 0.0f);
  for (const Example& example : examples) {
    for (const Term& term : example.terms) ++rarity[term.index];
  }
  const float most = std::log(static_cast<float>(examples.size()));
  for (float& count : rarity) {
    count = std::sqrt(std::max(0.0f, 1 - std::log(std::max(count, 1.0f)) / most));
  }
  for (Example& example : examples) {
    for (Term& term : example.terms) term.value *= rarity[term.index];
  }
  return rarity;
}

// The weights of `rows` features, the last of them the bias.
struct Weights {
  Layout layout;
  std::vector<float> values;

  float* Row(size_t row) { return values.data() + row * layout.stride; }
  float Bias(size_t column) { return Row(values.size() / layout.stride - 1)[column]; }
  // A head of two columns: the weight for less the weight against.
  float Odds(size_t row, size_t head) {
    const float* columns = Row(row) + layout.heads[head].begin;
    return columns[1] - columns[0];
  }
};

Weights Learn(size_t rows, const std::array<size_t, kHeads>& labels, const Effort& effort,
              std::vector<Example> examples) {
  const std::vector<float> rarity = WeighByRarity(rows, examples);
  std::vector<TrainingText> texts;
  for (const Example& example : examples) {
    texts.push_back({.terms = example.terms, .labels = example.labels, .weight = example.weight});
  }
  Weights weights = {.layout = MakeLayout(labels), .values = {}};
  weights.values =
      TrainRegression(texts, rows, weights.layout, {.cost = effort.cost, .rounds = effort.rounds});
  for (size_t row = 0; row < rows; ++row) {
    for (size_t c = 0; c < weights.layout.stride; ++c) weights.Row(row)[c] *= rarity[row];
  }
  return weights;
}

// Trains with meanings as additional features, then adds their weights to the words.
Weights LearnWithMeanings(const WordMeanings& meanings, const std::array<size_t, kHeads>& labels,
                          std::vector<Example> examples) {
  AddMeanings(meanings, examples);
  Weights weights =
      Learn(kWordingBuckets + meanings.size(), labels, kForDanger, std::move(examples));
  for (uint32_t bucket = 0; bucket < kWordingBuckets; ++bucket) {
    for (uint32_t meaning : meanings.Of(bucket)) {
      const float* shared = weights.Row(kWordingBuckets + meaning);
      for (size_t c = 0; c < weights.layout.stride; ++c) weights.Row(bucket)[c] += shared[c];
    }
  }
  return weights;
}

Weights LearnKinds(const WordMeanings& meanings, size_t kinds, std::vector<Example> examples) {
  examples.erase(
      std::remove_if(examples.begin(), examples.end(),
                     [](const Example& example) { return example.labels[1] == kNoLabel; }),
      examples.end());
  return LearnWithMeanings(meanings, {0, kinds, 0}, std::move(examples));
}

// One byte for each weight.
using WeightOf = std::function<float(size_t row, size_t column)>;

float Scale(size_t rows, size_t from, size_t to, const WeightOf& weight) {
  float scale = 0;
  for (size_t row = 0; row < rows; ++row) {
    for (size_t c = from; c < to; ++c) {
      scale = std::max(scale, std::abs(weight(row, c)) / kLargest);
    }
  }
  return scale == 0 ? 1 : scale;
}

char Byte(float weight, float scale) { return static_cast<char>(std::lround(weight / scale)); }

std::string MakeFile(Weights tone, Weights danger, Weights kinds,
                     const std::vector<std::string>& names) {
  WordingHeader header = {};
  std::memcpy(header.magic, kWordingMagic.data(), kWordingMagic.size());
  const WeightOf head_weight = [&](size_t row, size_t head) {
    return head == kDangerHead ? danger.Odds(row, 0) : tone.Odds(row, head);
  };
  for (size_t head = 0; head < kWordingHeads; ++head) {
    header.heads[head].scale = Scale(kWordingBuckets, head, head + 1, head_weight);
    header.heads[head].bias = head == kDangerHead ? danger.Bias(1) - danger.Bias(0)
                                                  : tone.Bias(2 * head + 1) - tone.Bias(2 * head);
  }
  // The table of kinds is smaller: weights that share a bucket there are added.
  const WeightOf kind_weight = [&](size_t row, size_t kind) {
    float sum = 0;
    for (size_t from = row; from < kWordingBuckets; from += kKindBuckets) {
      sum += kinds.Row(from)[kind];
    }
    return sum;
  };
  header.kind_scale = Scale(kKindBuckets, 0, names.size(), kind_weight);
  for (size_t kind = 0; kind < names.size(); ++kind) {
    header.kind_bias[kind] = kinds.Bias(kind);
    std::memcpy(header.kinds[kind], names[kind].data(), names[kind].size());
  }
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof(header));
  bytes.resize(kWordingBytes, '\0');
  char* at = bytes.data() + sizeof(header);
  for (size_t row = 0; row < kWordingBuckets; ++row, at += kWordingStride) {
    for (size_t head = 0; head < kWordingHeads; ++head) {
      at[head] = Byte(head_weight(row, head), header.heads[head].scale);
    }
  }
  for (size_t row = 0; row < kKindBuckets; ++row, at += kMostKinds) {
    for (size_t kind = 0; kind < names.size(); ++kind) {
      at[kind] = Byte(kind_weight(row, kind), header.kind_scale);
    }
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::string> TrainWording(const WordingData& data) {
  ASSIGN_OR_RETURN(const EmergencyRules rules,
                   EmergencyRules::Parse(data.rules.text, data.advice.text));
  const std::vector<std::string> kinds = rules.Kinds();
  if (kinds.size() > kMostKinds) return absl::InvalidArgumentError("too many kinds of danger");
  for (const std::string& kind : kinds) {
    if (kind.size() >= kKindName) {
      return absl::InvalidArgumentError(absl::StrCat("the name \"", kind, "\" is too long"));
    }
  }
  const auto meanings = WordMeanings::Parse(data.meanings.text);
  if (!meanings.ok()) return In(data.meanings, meanings.status());
  ASSIGN_OR_RETURN(std::vector<Example> tone, ToneExamples(data));
  ASSIGN_OR_RETURN(const std::vector<Example> danger, DangerExamples(data, rules));
  return MakeFile(Learn(kWordingBuckets, {2, 2, 0}, kForTone, std::move(tone)),
                  LearnWithMeanings(*meanings, {2, 0, 0}, danger),
                  LearnKinds(*meanings, kinds.size(), danger), kinds);
}

}  // namespace veche::classification

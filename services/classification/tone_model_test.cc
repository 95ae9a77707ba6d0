#include "services/classification/tone_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "services/classification/reference.h"
#include "services/classification/tone_trainer.h"
#include "services/classification/tsv.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

Table ReadCases(absl::string_view file) {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  std::ifstream in(
      absl::StrCat(source == nullptr ? "." : source, "/services/classification/", file));
  auto table = ParseTable(std::string{std::istreambuf_iterator<char>(in), {}}, {"label", "text"});
  EXPECT_TRUE(table.ok()) << table.status();
  return *std::move(table);
}

Tone Judge(const ToneModel& model, absl::string_view text) { return model.Judge(WordScan(text)); }

// How often one that should score high scores higher than one that should not.
class Ranking {
 public:
  void Add(bool high, double score) { (high ? high_ : low_).push_back(score); }
  double Area() const {
    double wins = 0;
    for (double high : high_) {
      for (double low : low_) wins += high > low;
    }
    return wins / static_cast<double>(high_.size() * low_.size());
  }

 private:
  std::vector<double> high_, low_;
};

struct Rankings {
  Ranking toxicity, spam;
  void Add(const TableRow& row, const Tone& tone) {
    toxicity.Add(row.cells[0] == "abuse" || row.cells[0] == "threat", tone.toxicity);
    spam.Add(row.cells[0] == "spam", tone.spam);
  }
};

TEST(ToneModelTest, TellsToneFromWordingItHasNotSeen) {
  Rankings rankings;
  for (const TableRow& row : ReadCases("testdata/moderation.tsv").rows) {
    rankings.Add(row, Judge(DefaultTone(), row.cells[1]));
  }
  EXPECT_GT(rankings.toxicity.Area(), 0.93);
  EXPECT_GT(rankings.spam.Area(), 0.94);
}

TEST(ToneModelTest, HoldsInCrossValidationOnItsExamples) {
  constexpr size_t kFolds = 3;
  const Table examples = ReadCases("seed/moderation_examples.tsv");
  EXPECT_GE(examples.rows.size(), 400u);
  std::vector<std::string> fine;
  for (const EmbeddedFile& file : SeedTexts()) fine.emplace_back(file.content);
  Rankings rankings;
  for (size_t fold = 0; fold < kFolds; ++fold) {
    std::string learnt = "label\ttext\n";
    for (size_t i = 0; i < examples.rows.size(); ++i) {
      const std::vector<std::string>& cells = examples.rows[i].cells;
      if (i % kFolds != fold) absl::StrAppend(&learnt, cells[0], "\t", cells[1], "\n");
    }
    const auto bytes = TrainTone(learnt, fine);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto model = ToneModel::Parse(*bytes);
    ASSERT_TRUE(model.ok()) << model.status();
    for (size_t i = fold; i < examples.rows.size(); i += kFolds) {
      rankings.Add(examples.rows[i], Judge(*model, examples.rows[i].cells[1]));
    }
  }
  EXPECT_GT(rankings.toxicity.Area(), 0.8);
  EXPECT_GT(rankings.spam.Area(), 0.85);
}

TEST(ToneModelTest, FindsAThreatAtTheEndOfALongComplaint) {
  std::string complaint;
  for (int i = 0; i < 20; ++i) {
    complaint += "Во дворе дома не убирают снег уже вторую неделю, пожилым людям трудно ходить. ";
  }
  const Tone plain = Judge(DefaultTone(), complaint);
  const Tone angry = Judge(DefaultTone(), complaint + "Сдохните, твари, вы там все уроды.");
  EXPECT_GT(angry.toxicity, plain.toxicity + 1);
}

TEST(ToneModelTest, BearsAnyText) {
  for (const std::string& text :
       {std::string(), std::string("\xFF\xFE\xF0"), std::string(100'000, 'a'), std::string("🔥")}) {
    const Tone tone = Judge(DefaultTone(), text);
    EXPECT_LT(tone.spam, 3) << text.substr(0, 10);
    EXPECT_LT(tone.toxicity, 3) << text.substr(0, 10);
  }
}

TEST(ToneModelTest, RefusesWhatIsNoModel) {
  EXPECT_FALSE(ToneModel::Parse("").ok());
  std::string bytes(ToneModelFile()[0].content);
  EXPECT_TRUE(ToneModel::Parse(bytes).ok());
  EXPECT_FALSE(ToneModel::Parse(absl::string_view(bytes).substr(1)).ok());
  bytes[0] = 'x';
  EXPECT_FALSE(ToneModel::Parse(bytes).ok());
}

TEST(ToneTrainerTest, NamesTheLineThatIsWrong) {
  const auto problem = [](absl::string_view examples) {
    return std::string(TrainTone(examples, {}).status().message());
  };
  EXPECT_THAT(problem("label\ttext\n-\tЯма\nrude\tЯма\n"), HasSubstr("line 3"));
  EXPECT_THAT(problem("label\tphrase\n"), HasSubstr("text"));
}

}  // namespace
}  // namespace veche::classification

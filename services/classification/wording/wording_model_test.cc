#include "services/classification/wording/wording_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/testing/test_table.h"
#include "services/classification/wording/word_meanings.h"
#include "services/classification/wording/wording_features.h"
#include "services/classification/wording/wording_trainer.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

Table ReadCases(absl::string_view file) { return testing::ReadTableHere(file, {"label", "text"}); }

Tone Judge(const WordingModel& model, absl::string_view text) {
  return model.Judge(WordScan(text)).tone;
}

WordingData AllData() {
  auto data = ReadWordingData(testing::PathHere("seed"));
  EXPECT_TRUE(data.ok()) << data.status();
  return *std::move(data);
}

// The area under the ROC curve.
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

TEST(WordingModelTest, TellsToneFromWordingItHasNotSeen) {
  Rankings rankings;
  for (const TableRow& row : ReadCases("testdata/moderation.tsv").rows) {
    rankings.Add(row, Judge(DefaultWording(), row.cells[1]));
  }
  EXPECT_GT(rankings.toxicity.Area(), 0.93);
  EXPECT_GT(rankings.spam.Area(), 0.94);
}

TEST(WordingModelTest, HoldsInCrossValidationOnItsExamples) {
  constexpr size_t kFolds = 3;
  const Table examples = ReadCases("seed/moderation_examples.tsv");
  EXPECT_GE(examples.rows.size(), 400u);
  WordingData data = AllData();
  data.letters.clear();
  data.danger.clear();
  Rankings rankings;
  for (size_t fold = 0; fold < kFolds; ++fold) {
    std::string& learnt = data.moderation.text;
    learnt = "label\ttext\n";
    for (size_t i = 0; i < examples.rows.size(); ++i) {
      const std::vector<std::string>& cells = examples.rows[i].cells;
      if (i % kFolds != fold) absl::StrAppend(&learnt, cells[0], "\t", cells[1], "\n");
    }
    const auto bytes = TrainWording(data);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto model = WordingModel::Parse(*bytes);
    ASSERT_TRUE(model.ok()) << model.status();
    for (size_t i = fold; i < examples.rows.size(); i += kFolds) {
      rankings.Add(examples.rows[i], Judge(*model, examples.rows[i].cells[1]));
    }
  }
  EXPECT_GT(rankings.toxicity.Area(), 0.8);
  EXPECT_GT(rankings.spam.Area(), 0.85);
}

TEST(WordingModelTest, FindsAThreatAtTheEndOfALongComplaint) {
  std::string complaint;
  for (int i = 0; i < 20; ++i) {
    complaint += "Во дворе дома не убирают снег уже вторую неделю, пожилым людям трудно ходить. ";
  }
  const Tone plain = Judge(DefaultWording(), complaint);
  const Tone angry = Judge(DefaultWording(), complaint + "Сдохните, твари, вы там все уроды.");
  EXPECT_GT(angry.toxicity, plain.toxicity + 1);
}

TEST(WordingModelTest, BearsAnyText) {
  for (const std::string& text :
       {std::string(), std::string("\xFF\xFE\xF0"), std::string(100'000, 'a'), std::string("🔥")}) {
    const Tone tone = Judge(DefaultWording(), text);
    EXPECT_LT(tone.spam, 3) << text.substr(0, 10);
    EXPECT_LT(tone.toxicity, 3) << text.substr(0, 10);
  }
}

TEST(WordingModelTest, RefusesWhatIsNoModel) {
  EXPECT_FALSE(WordingModel::Parse("").ok());
  std::string bytes(WordingModelFile()[0].content);
  EXPECT_TRUE(WordingModel::Parse(bytes).ok());
  EXPECT_FALSE(WordingModel::Parse(absl::string_view(bytes).substr(1)).ok());
  bytes[0] = 'x';
  EXPECT_FALSE(WordingModel::Parse(bytes).ok());
}

// A fifth of the lines of danger, five of every 25, for testing; the others for training.
struct Parts {
  WordingData learnt = AllData();
  std::vector<TableRow> asked;

  Parts() {
    learnt.topics.clear();
    learnt.letters.clear();
    for (auto& [name, file] : learnt.danger) {
      const auto table = ParseTable(file, {"kind", "text"});
      EXPECT_TRUE(table.ok()) << table.status();
      file = "kind\ttext\n";
      for (size_t i = 0; i < table->rows.size(); ++i) {
        const TableRow& row = table->rows[i];
        if (i / 5 % 5 == 0) {
          asked.push_back(row);
        } else {
          absl::StrAppend(&file, row.cells[0], "\t", row.cells[1], "\n");
        }
      }
    }
  }
};

TEST(WordingModelTest, TellsDangerFromWordingItHasNotSeen) {
  const Parts parts;
  EXPECT_GE(parts.asked.size(), 500u);
  const auto bytes = TrainWording(parts.learnt);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto model = WordingModel::Parse(*bytes);
  ASSERT_TRUE(model.ok()) << model.status();
  Ranking ranking;
  int right = 0, dangerous = 0;
  for (const TableRow& row : parts.asked) {
    const WordScan scan(row.cells[1]);
    const DangerousWording danger = model->Judge(scan).danger;
    ranking.Add(row.cells[0] != "-", danger.odds);
    if (row.cells[0] == "-") continue;
    ++dangerous;
    right += model->KindOf(scan, danger.passage) == row.cells[0];
  }
  EXPECT_GT(ranking.Area(), 0.9);
  EXPECT_GT(right, dangerous / 2);
}

WordingData SmallData() {
  WordingData data = AllData();
  data.topics.clear();
  data.letters.clear();
  data.danger = {{"danger", "kind\ttext\nfire\tПолыхает сарай\n-\tСпасибо за сарай\n"}};
  data.moderation.text = "label\ttext\nspam\tКупи сарай\n-\tСарай стоит\n";
  return data;
}

TEST(WordingTrainerTest, TheSameDataGiveTheSameModel) {
  EXPECT_EQ(TrainWording(SmallData()).value(), TrainWording(SmallData()).value());
}

TEST(WordingTrainerTest, NamesTheLineThatIsWrong) {
  const auto problem = [](WordingData::File WordingData::*table, absl::string_view text) {
    WordingData data = SmallData();
    (data.*table).text = std::string(text);
    return std::string(TrainWording(data).status().message());
  };
  EXPECT_THAT(problem(&WordingData::moderation, "label\ttext\n-\tЯма\nrude\tЯма\n"),
              HasSubstr("moderation_examples: line 3: "));
  EXPECT_THAT(problem(&WordingData::moderation, "label\tphrase\n"), HasSubstr("text"));
  EXPECT_THAT(problem(&WordingData::meanings, "meaning\twords\nfire\tдым Дым\n"), HasSubstr("Дым"));
  EXPECT_THAT(problem(&WordingData::meanings, "meaning\twords\nfire\tды*\n"),
              HasSubstr("danger_words: line 2: "));
  WordingData data = SmallData();
  data.danger = {{"storms", "kind\ttext\nwind\tДует\n"}};
  EXPECT_THAT(std::string(TrainWording(data).status().message()),
              HasSubstr("storms: line 2: unknown kind \"wind\""));
  EXPECT_THAT(std::string(ReadWordingData("/nowhere").status().message()),
              HasSubstr("/nowhere/moderation_examples.tsv"));
}

TEST(WordMeaningsTest, AWordHasAMeaningOnceByItsShortestBeginning) {
  const auto meanings = WordMeanings::Parse("meaning\twords\nfire\tдым дыми* дымит*\nsmell\tдым\n");
  ASSERT_TRUE(meanings.ok()) << meanings.status();
  EXPECT_EQ(meanings->size(), 2u);
  const auto count = [&meanings](absl::string_view word) {
    const WordScan scan(word);
    size_t found = 0;
    uint64_t before = 0;
    const auto add = [&](uint32_t bucket) { found += meanings->Of(bucket).size(); };
    ForEachWordingFeature(scan, 0, before, add, add);
    return found;
  };
  EXPECT_EQ(count("дым"), 2u);
  EXPECT_EQ(count("дымится"), 1u);
  EXPECT_EQ(count("яма"), 0u);
}

}  // namespace
}  // namespace veche::classification

#include "services/classification/spam/spam_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/testing/status_matchers.h"
#include "services/classification/testing/test_table.h"

namespace veche::classification {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Lt;
using veche::testing::StatusIs;

const SpamModel& Model() {
  static const SpamModel& model = *new SpamModel(*SpamModel::FitSeed());
  return model;
}

double Feature(SpamFeature feature, absl::string_view text,
               const std::vector<std::string>& recent = {}) {
  return ReadSpamFeatures(text, recent)[static_cast<size_t>(feature) - 1];
}

std::vector<SpamExample> ReadHere(absl::string_view name) {
  std::ifstream file(testing::PathHere(name), std::ios::binary);
  auto examples = ParseSpamExamples(std::string{std::istreambuf_iterator<char>(file), {}});
  EXPECT_OK(examples);
  return examples.ok() ? *std::move(examples) : std::vector<SpamExample>();
}

struct Figures {
  int found = 0, missed = 0, false_alarms = 0, right = 0;
  std::string wrong;
  double recall() const { return found / static_cast<double>(found + missed); }
  double precision() const { return found / static_cast<double>(found + false_alarms); }
};

Figures Measure(const std::vector<SpamExample>& examples) {
  Figures figures;
  for (const SpamExample& example : examples) {
    const double probability = Model().Assess(example.text, example.recent).probability;
    const bool spam = probability >= 0.5;
    figures.found += example.spam && spam;
    figures.missed += example.spam && !spam;
    figures.false_alarms += !example.spam && spam;
    figures.right += !example.spam && !spam;
    if (spam != example.spam) {
      absl::StrAppend(&figures.wrong, absl::StrFormat("%.2f ", probability), example.text, "\n");
    }
  }
  return figures;
}

// docs/experiments/spam.md has the figures. The bars are a little below them.
TEST(SpamModelTest, TellsSpamFromHonestCommentsThatItHasNotSeen) {
  const Figures figures = Measure(ReadHere("testdata/spam.tsv"));
  std::cout << "recall " << figures.recall() << ", precision " << figures.precision() << ", "
            << figures.missed << " missed, " << figures.false_alarms << " false alarms of "
            << figures.false_alarms + figures.right << "\n"
            << figures.wrong;
  EXPECT_GE(figures.recall(), 0.85) << figures.wrong;
  EXPECT_GE(figures.precision(), 0.95) << figures.wrong;
}

TEST(SpamModelTest, FitsItsExamples) {
  const Figures figures = Measure(ReadHere("seed/spam_examples.tsv"));
  EXPECT_GE(figures.recall(), 0.85) << figures.wrong;
  EXPECT_GE(figures.precision(), 0.95) << figures.wrong;
  std::cout << "bias " << Model().bias() << ", weights "
            << ::testing::PrintToString(Model().weights()) << "\nrecall " << figures.recall()
            << ", precision " << figures.precision() << "\n"
            << figures.wrong;
  EXPECT_LT(Model().bias(), 0);
  EXPECT_THAT(Model().weights(), Each(Gt(0)));
}

TEST(SpamModelTest, FitsTheSameWeightsEachTime) {
  const auto again = SpamModel::FitSeed();
  ASSERT_OK(again);
  EXPECT_EQ(again->weights(), Model().weights());
  EXPECT_EQ(again->bias(), Model().bias());
}

// The examples were not made from these.
TEST(SpamModelTest, LetsTheDemosCommentsAndAppealsPass) {
  std::ifstream comments(testing::PathHere("../../demo/kazan/comments.txt"));
  int lines = 0;
  for (std::string line; std::getline(comments, line); ++lines) {
    EXPECT_THAT(Model().Assess(line, {}).probability, Lt(0.5)) << line;
  }
  EXPECT_GT(lines, 10);
  const Table appeals = testing::ReadTableHere("../../demo/kazan/appeals.tsv", {"text"});
  size_t flagged = 0;
  std::string wrong;
  for (const TableRow& row : appeals.rows) {
    if (Model().Assess(row.cells[0], {}).probability < 0.5) continue;
    ++flagged;
    absl::StrAppend(&wrong, row.cells[0], "\n");
  }
  EXPECT_GT(appeals.rows.size(), 200u);
  EXPECT_LE(flagged * 100, appeals.rows.size()) << wrong;
}

TEST(SpamModelTest, SaysWhatToChange) {
  struct Case {
    const char* text;
    std::vector<std::string> recent;
    SpamFeature first;
  };
  for (const Case& c : std::vector<Case>{
           {"Смотрите www.a.ru www.b.ru t.me/c t.me/d", {}, SpamFeature::kLinks},
           {"ДАЙТЕ УЖЕ НАМ ЭТУ ДОРОЖКУ НЕМЕДЛЕННО", {}, SpamFeature::kCapitals},
           {"аааааааааааааа", {}, SpamFeature::kRepetition},
           {"Да да да да да да да да да нет", {}, SpamFeature::kRepetition},
           {"Голосуйте  за нашу дорожку, друзья!",
            {"голосуйте за нашу дорожку друзья"},
            SpamFeature::kSaidBefore},
       }) {
    const SpamAssessment assessment = Model().Assess(c.text, c.recent);
    EXPECT_THAT(assessment.probability, Ge(0.5)) << c.text;
    ASSERT_FALSE(assessment.reasons.empty()) << c.text;
    EXPECT_EQ(assessment.reasons[0], c.first) << c.text;
  }
  EXPECT_THAT(Model().Assess("Займ без отказа, казино, +7 917 222 33 44", {}).reasons,
              Contains(SpamFeature::kContacts));
  EXPECT_THAT(Model().Assess("За.", {}).reasons, IsEmpty());
}

TEST(SpamFeaturesTest, SeeOnlyWhatTheyAreAbout) {
  using enum SpamFeature;
  EXPECT_EQ(Feature(kLinks, "Проект: https://kazan.ru/plan."), 0.5);
  EXPECT_EQ(Feature(kLinks, "casino-x.com, www.a.tatar"), 0.75);
  EXPECT_EQ(Feature(kLinks, "t.me/b https://a.top/c"), 1 - 0.0625);
  EXPECT_EQ(Feature(kLinks, "Дом 5. Потом сквер. И т.д., 3.5 км"), 0);
  EXPECT_EQ(Feature(kContacts, "Звоните 8 (917) 123-45-67"), 0.75);
  EXPECT_EQ(Feature(kContacts, "@smm_top или a@b.ru"), 1 - 0.0625);
  EXPECT_EQ(Feature(kContacts, "Линия 8 800 200-01-22, заявка 2024-118822"), 0);
  EXPECT_EQ(Feature(kContacts, "Звонил в 112 и 05, дом 123, 10 000 рублей до 2027 года"), 0);
  EXPECT_EQ(Feature(kCapitals, "ЖКХ И МЧС — за"), 0);
  EXPECT_EQ(Feature(kCapitals, "ДАЙТЕ УЖЕ НАМ ЭТУ ДОРОЖКУ"), 1);
  EXPECT_EQ(Feature(kCapitals, "Обычный текст про обычный двор"), 0);
  EXPECT_EQ(Feature(kRepetition, "Хватит уже!!!"), 0);
  EXPECT_THAT(Feature(kRepetition, "Хватииииит!!!!!!!!!"), Gt(0.9));
  EXPECT_EQ(Feature(kRepetition, "Дорожка нужна всем, кто ездит на работу и в школу."), 0);
  EXPECT_EQ(Feature(kMixedAlphabets, "QR-код, Wi-Fi и VK в автобусе"), 0);
  EXPECT_EQ(Feature(kMixedAlphabets, "Пpoдaю диплoмы"), 0.75);
  EXPECT_EQ(Feature(kSaidBefore, "Нужна дорожка у реки", {"Нужна дорожка у реки!"}), 1);
  EXPECT_EQ(Feature(kSaidBefore, "За!", {"За!"}), 0);
  EXPECT_EQ(Feature(kSaidBefore, "Нужна дорожка у реки", {"Фонари не горят вторую неделю"}), 0);
  EXPECT_THAT(Feature(kAdvertising, "Казино, бонус за регистрацию, займ без отказа"), Gt(0.9));
  EXPECT_THAT(Feature(kAdvertising, "Поддерживаю, дорожка нужна."), Lt(0.2));
}

TEST(SpamFeaturesTest, TakeAnyBytes) {
  for (const std::string& text : {std::string(), std::string("\xD0"), std::string("\xff\xfe@"),
                                  std::string(50'000, '@'), std::string(50'000, '9')}) {
    EXPECT_THAT(ReadSpamFeatures(text, {text}), Each(::testing::AllOf(Ge(0), ::testing::Le(1))));
  }
}

TEST(SpamModelTest, RefusesExamplesThatCannotBeRead) {
  EXPECT_THAT(ParseSpamExamples("label\ttext\trecent\nham\tПривет\t\n").status().message(),
              HasSubstr("line 2"));
  EXPECT_THAT(ParseSpamExamples("label\ttext\nspam\tПривет\n"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SpamModel::Fit({}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseSpamExamples("label\ttext\trecent\nspam\ta\tb||c\n")->at(0).recent,
              ElementsAre("b", "c"));
}

}  // namespace
}  // namespace veche::classification

#include "services/classification/classifier/classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "common/text/utf8.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/testing/test_model.h"

namespace veche::classification {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::veche::testing::StatusIs;

const Classifier& BuiltIn() {
  static const std::shared_ptr<const Classifier> classifier = *LoadBuiltIn();
  return *classifier;
}

std::string First(absl::string_view text) {
  return BuiltIn().Suggest(text).candidates.front().topic->id;
}

TEST(BuiltInModelTest, KnowsEveryTopic) {
  EXPECT_EQ(BuiltIn().model().labels().size(), Topics().size());
  EXPECT_LE(BuiltInModel()[0].content.size(), size_t{6} << 20);
}

TEST(BuiltInModelTest, UnderstandsFourLanguages) {
  EXPECT_EQ(First("Во дворе дома 7 третий день не горит фонарь"), "street_lighting");
  EXPECT_EQ(First("Огромная яма на дороге по улице Пушкина"), "road_surface");
  EXPECT_EQ(First("мусор не вывозят, контейнеры переполнены"), "waste_collection");
  EXPECT_EQ(First("Не горить ліхтар на нашій вулиці"), "street_lighting");
  EXPECT_EQ(First("Автобус килмәде, озак көттек"), "transport_service");
  EXPECT_EQ(First("There is a stray dog near our school"), "stray_animals");
}

TEST(ClassifierTest, TellsItsReasons) {
  const Suggestion suggestion = BuiltIn().Suggest("Добрый день! Не горит фонарь у дома 5");
  ASSERT_EQ(suggestion.candidates.size(), 3u);
  EXPECT_THAT(suggestion.candidates[0].evidence, Contains(HasSubstr("фонарь")));
  EXPECT_EQ(suggestion.language, text::Language::kRussian);
  EXPECT_EQ(suggestion.priority, Priority::kNormal);
  EXPECT_FALSE(suggestion.emergency.has_value());
  double sum = 0;
  for (const Candidate& candidate : suggestion.candidates) {
    EXPECT_LE(candidate.probability, sum == 0 ? 1 : suggestion.candidates[0].probability);
    sum += candidate.probability;
  }
  EXPECT_LE(sum, 1.0 + 1e-9);
}

TEST(ClassifierTest, LeavesReasonsOutWhereNobodyAsks) {
  const absl::string_view text = "Не горит фонарь у дома 5, темно";
  const Suggestion with = BuiltIn().Suggest(text);
  const Suggestion without = BuiltIn().Suggest(text, {.evidence = false});
  EXPECT_THAT(without.candidates[0].evidence, IsEmpty());
  EXPECT_EQ(with.candidates[0].topic, without.candidates[0].topic);
  EXPECT_EQ(with.candidates[0].probability, without.candidates[0].probability);
}

TEST(ClassifierTest, AnswersAloneWhereThatCostsLess) {
  const absl::string_view text = "Не горит фонарь, фонарь у подъезда не горит, темно на улице";
  EXPECT_FALSE(BuiltIn().Suggest(text, {.wrong_cost = 1e6}).confident);
  EXPECT_TRUE(BuiltIn().Suggest(text, {.wrong_cost = 1}).confident);
}

TEST(ClassifierTest, SeesThroughDisguise) {
  EXPECT_EQ(First("Ne gorit fonar vo dvore, temno"), "street_lighting");
  EXPECT_EQ(First("Яmа нa дoрoге, oгpoмнaя ямa"), "road_surface");  // Latin look-alikes
  EXPECT_EQ(First("Не\x01 горит\x02 фо\u200Bнарь"), "street_lighting");
}

TEST(ClassifierTest, PutsDangerFirst) {
  const Suggestion suggestion =
      BuiltIn().Suggest("There is a strong smell of gas in our stairwell");
  EXPECT_EQ(suggestion.priority, Priority::kEmergency);
  ASSERT_TRUE(suggestion.emergency.has_value());
  EXPECT_EQ(suggestion.emergency->kind, "gas");
  EXPECT_THAT(suggestion.advice, HasSubstr("104"));
}

TEST(ClassifierTest, AnswersAnything) {
  std::string marks = "я";
  for (int i = 0; i < 50'000; ++i) marks += "\u0301";
  for (const std::string& text :
       {std::string("a"), std::string(100'000, 'x'), std::string("🔥🔥🔥"), std::string("שלום עולם"),
        std::string("\xFF\xFE\x00", 3), marks}) {
    const Suggestion suggestion = BuiltIn().Suggest(text);
    EXPECT_EQ(suggestion.candidates.size(), 3u);
    EXPECT_FALSE(suggestion.confident);
    for (const Candidate& candidate : suggestion.candidates) {
      for (const std::string& word : candidate.evidence) EXPECT_TRUE(text::IsValidUtf8(word));
    }
  }
  EXPECT_THAT(BuiltIn().Suggest("🔥").candidates[0].evidence, IsEmpty());
}

// TwoTopics again and again with numbers, as a city's examples with departments.
std::vector<Example> Repeated(int times) {
  std::vector<Example> examples;
  for (int i = 0; i < times; ++i) {
    for (Example example : TwoTopics()) {
      example.text += absl::StrCat(" ", i);
      example.department = FindTopic(example.topic)->department_kind;
      examples.push_back(std::move(example));
    }
  }
  return examples;
}

Suggestion Ask(const std::vector<Example>& examples, absl::string_view text) {
  return Classifier::Create(*TrainModel(examples, {}))->Suggest(text);
}

TEST(ClassifierTest, NamesTheDepartmentsThatItHasLearned) {
  const Suggestion suggestion = Ask(Repeated(30), "Яма на дороге");
  ASSERT_FALSE(suggestion.departments.empty());
  EXPECT_EQ(suggestion.departments[0].kind, "roads");
  EXPECT_GT(suggestion.departments[0].probability, 0.5);
}

TEST(ClassifierTest, NamesNoDepartmentsWhenItHasSeenFewOrOneAlone) {
  EXPECT_THAT(Ask(Repeated(3), "Яма на дороге").departments, IsEmpty());
  std::vector<Example> one = Repeated(60);
  for (Example& example : one) {
    if (example.topic != "road_surface") example.department = "";
  }
  const Suggestion suggestion = Ask(one, "Не горит фонарь");
  EXPECT_THAT(suggestion.departments, IsEmpty());
  EXPECT_EQ(suggestion.candidates[0].department, "improvement");
}

TEST(ClassifierTest, RefusesAModelOfOtherTopics) {
  std::vector<Example> examples = TwoTopics();
  for (Example& example : examples) example.topic += "_of_mars";
  EXPECT_THAT(Classifier::Create(*TrainModel(examples, {})),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace veche::classification

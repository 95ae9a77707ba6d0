#include "services/classification/classifier/priority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/classification/classifier/reference.h"

namespace veche::classification {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

triage::Assessment Assess(absl::string_view topic, absl::string_view text) {
  const WordScan scan(text);
  const auto emergency = DefaultEmergencyRules().Find(text, scan);
  return DefaultPriorityRules().Judge(
      {.topic = topic, .text = text, .scan = scan, .emergency = emergency ? &*emergency : nullptr});
}

Priority Judge(absl::string_view topic, absl::string_view text) {
  return Assess(topic, text).level;
}

std::vector<std::string> Reasons(absl::string_view text) {
  std::vector<std::string> reasons;
  for (const triage::Reason& reason : Assess("", text).reasons) reasons.push_back(reason.reason);
  return reasons;
}

TEST(PriorityTest, SaysWhy) {
  EXPECT_THAT(Assess("", "Сильный запах газа в подъезде").reasons,
              ElementsAre(triage::Reason{"hazard", 70, "gas: запах газа"}));
  EXPECT_THAT(Assess("manholes", "Люк гремит").reasons,
              ElementsAre(triage::Reason{"risky_topic", 30, "manholes"}));
  EXPECT_THAT(Reasons("Нет света у школы, я многодетная мать, сын инвалид"),
              UnorderedElementsAre("outage", "outage_hits_the_weak", "place_school",
                                   "vulnerable_large_family", "vulnerable_disabled"));
  EXPECT_THAT(Reasons("Біля лікарні яма, я вагітна"),
              UnorderedElementsAre("place_hospital", "vulnerable_pregnant"));
  EXPECT_THAT(Reasons("My elderly mother cannot reach the clinic"),
              UnorderedElementsAre("place_hospital", "vulnerable_elderly"));
  EXPECT_THAT(Reasons("Хастаханә янында чокыр, әбием йөри алмый"),
              UnorderedElementsAre("place_hospital", "vulnerable_elderly"));
}

TEST(PriorityTest, RanksDangerAboveAll) {
  const int gas = Assess("", "Запах газа в подъезде, дети дома").score;
  const int hole = Assess("road_surface", "Яма у школы").score;
  const int thanks = Assess("road_surface", "Большое спасибо дворникам").score;
  EXPECT_EQ(gas, 100);
  EXPECT_GT(gas, hole);
  EXPECT_GT(hole, thanks);
}

TEST(PriorityRulesTest, NameTheLineThatIsWrong) {
  const auto problem = [](absl::string_view row) {
    return std::string(PriorityRules::Parse(absl::StrCat("reason\tpoints\tby\tvalue\n", row, "\n"))
                           .status()
                           .message());
  };
  EXPECT_THAT(problem("a\tmany\twords\tб"), HasSubstr("line 2"));
  EXPECT_THAT(problem("a\t101\twords\tб"), HasSubstr("100"));
  EXPECT_THAT(problem("a\t1\tsmell\tб"), HasSubstr("smell"));
}

TEST(PriorityTest, KnowsWhatCannotWait) {
  EXPECT_EQ(Judge("road_surface", "Яма, дети падают, опасно для жизни"), Priority::kHigh);
  EXPECT_EQ(Judge("hazard_trees", "Дерево вот-вот упадёт на дом"), Priority::kHigh);
  EXPECT_EQ(Judge("water_supply", "Нет воды третьи сутки, дома лежачий больной"), Priority::kHigh);
  EXPECT_EQ(Judge("manholes", "Люк гремит"), Priority::kHigh);
}

TEST(PriorityTest, KnowsWhatCanWait) {
  EXPECT_EQ(Judge("street_cleaning", "Большое спасибо дворникам за чистый двор"), Priority::kLow);
  EXPECT_EQ(Judge("parks_recreation", "Предлагаю сделать аллею"), Priority::kLow);
  EXPECT_EQ(Judge("manholes", "Спасибо бригаде за новый люк"), Priority::kLow);
}

TEST(PriorityTest, IsNormalElse) {
  EXPECT_EQ(Judge("road_surface", "Яма на улице Мира"), Priority::kNormal);
  EXPECT_EQ(Judge("street_lighting", ""), Priority::kNormal);
}

}  // namespace
}  // namespace veche::classification

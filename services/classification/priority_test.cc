#include "services/classification/priority.h"

#include <gtest/gtest.h>

#include "services/classification/reference.h"

namespace veche::classification {
namespace {

Priority Judge(absl::string_view topic, absl::string_view text) {
  return DefaultPriorityRules().Judge(topic, text);
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

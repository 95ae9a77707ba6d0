#include "services/appeals/calls/entry_texts.h"

#include <gtest/gtest.h>

#include "common/base/texts.h"
#include "services/appeals/texts.h"

namespace veche::appeals {
namespace {

const Text kNewCategory("NEW_CATEGORY", {{"from", "categories/gone"}, {"to", "categories/roads"}});

class EntryTextsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto city = std::make_shared<CitySnapshot>();
    city->titles["categories/roads"] = {"Дороги", {{"tt", "Юллар"}}};
    city->titles["districts/west"] = {"Западный", {}};
    city_ = std::move(city);
  }
  std::string Get(const Text& text, absl::string_view language) const {
    return EntryTexts(texts_, city_, language).Get(text);
  }

  const Texts texts_ = *Texts::Parse({CommonTexts(), TextFiles()});
  std::shared_ptr<const CitySnapshot> city_;
};

TEST_F(EntryTextsTest, NamesAreTitlesInTheReadersLanguage) {
  EXPECT_EQ(Get(kNewCategory, "tt"), "Категория: билгесез → Юллар");
  EXPECT_EQ(Get(kNewCategory, "uk"), "Категорія: невідомо → Дороги");
  EXPECT_EQ(Get({"NEW_DISTRICT", {{"from", ""}, {"to", "districts/west"}}}, "ru"),
            "Район: нет → Западный");
  EXPECT_EQ(
      Get({"CATEGORY_BY_RULE", {{"rule", "Ямы"}, {"from", "categories/roads"}, {"to", ""}}}, "en"),
      "By the city's rule: Ямы. Category: Дороги → none");
}

TEST_F(EntryTextsTest, WithoutTheDirectoryThereAreWordsAndNoNames) {
  city_ = nullptr;
  EXPECT_EQ(Get(kNewCategory, "en"), "Category: unknown → unknown");
}

TEST_F(EntryTextsTest, ReasonsAreWords) {
  const auto priority = [&](absl::string_view reasons) {
    return Get({"NEW_PRIORITY", {{"from", "LOW"}, {"to", "HIGH"}, {"reasons", reasons}}}, "en");
  };
  EXPECT_EQ(priority("hazard +60, own_code -5"),
            "Priority: low → high\ndanger to life +60, another reason -5");
  EXPECT_EQ(priority(""), "Priority: low → high");
}

TEST_F(EntryTextsTest, NoTextIsEmpty) { EXPECT_EQ(Get({}, "ru"), ""); }

}  // namespace
}  // namespace veche::appeals

#include "services/appeals/routing/department.h"

#include <gtest/gtest.h>

#include "services/appeals/testing/test_rules.h"

namespace veche::appeals {
namespace {

Suggestion MakeSuggestion(const std::string& kind, double probability) {
  Suggestion suggestion;
  suggestion.model = "m1";
  suggestion.candidates.push_back({"categories/potholes", 0.7});
  if (!kind.empty()) {
    suggestion.departments.push_back({kind, probability});
  }
  return suggestion;
}

class DepartmentTest : public ::testing::Test {
 protected:
  DepartmentChoice Choose(const Suggestion* suggestion,
                          const std::string& category = "categories/potholes",
                          const std::string& district = "districts/west") {
    return ChooseDepartment({.category = category, .district = district, .terms = terms_},
                            {.rules = rules_, .city = city_, .suggestion = suggestion});
  }

  CitySnapshot city_ = SmallCity();
  RuleSet rules_;
  std::vector<std::string> terms_ = text::SearchTerms("Открытый люк");
};

TEST_F(DepartmentTest, AsksRulesFirst) {
  rules_ = RuleSet(MakeRules({{{"d:west", "k:люк"}, "night"}}));
  const Suggestion suggestion = MakeSuggestion("dispatch", 0.99);
  const DepartmentChoice choice = Choose(&suggestion);
  EXPECT_EQ(choice.department, "departments/night");
  EXPECT_EQ(choice.reason.by, RoutedBy::kRule);
  EXPECT_EQ(choice.reason.rule, "r0");
  EXPECT_EQ(choice.reason.title, "Правило r0");
  EXPECT_EQ(choice.reason.model, "m1");
  EXPECT_EQ(Choose(&suggestion, "categories/potholes", "districts/east").department,
            "departments/dispatch");
}

TEST_F(DepartmentTest, ThenTheDirectory) {
  const Suggestion suggestion = MakeSuggestion("", 0);
  const DepartmentChoice choice = Choose(&suggestion);
  EXPECT_EQ(choice.department, "departments/roads");
  EXPECT_EQ(choice.reason.by, RoutedBy::kCategory);
  EXPECT_EQ(choice.reason.title, "Ямы");
  EXPECT_EQ(choice.reason.probability, 0.7);
}

TEST_F(DepartmentTest, BelievesWhatWasLearnedOnlyWhenItIsSureAndSaysMore) {
  struct Case {
    const char* name;
    std::string kind;
    double probability;
    std::string category;
    std::string department;
    RoutedBy by;
  };
  const Case cases[] = {
      {"sure", "night", 0.9, "categories/potholes", "departments/night", RoutedBy::kModel},
      {"not sure", "night", 0.8, "categories/potholes", "departments/roads", RoutedBy::kCategory},
      {"the same", "roads", 0.99, "categories/potholes", "departments/roads", RoutedBy::kCategory},
      {"no such kind here", "trams", 0.99, "categories/potholes", "departments/roads",
       RoutedBy::kCategory},
      {"no category", "night", 0.9, "", "departments/night", RoutedBy::kModel},
      {"no category and not sure", "night", 0.5, "", "", RoutedBy::kNobody},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const Suggestion suggestion = MakeSuggestion(one.kind, one.probability);
    const DepartmentChoice choice = Choose(&suggestion, one.category);
    EXPECT_EQ(choice.department, one.department);
    EXPECT_EQ(choice.reason.by, one.by);
  }
}

TEST_F(DepartmentTest, LeavesTheChoiceBetweenTwoOfAKindToTheCity) {
  city_.departments.insert("departments/night2");
  city_.departments_by_kind["night"].push_back("departments/night2");
  const Suggestion suggestion = MakeSuggestion("night", 0.99);
  EXPECT_EQ(Choose(&suggestion).department, "departments/roads");
}

TEST_F(DepartmentTest, ARuleMayChangeTheCategoryAlone) {
  rules_ = RuleSet(MakeRules({{{"k:люк"}, "", "heating"}}));
  const Suggestion suggestion = MakeSuggestion("night", 0.99);
  const DepartmentChoice choice = Choose(&suggestion);
  EXPECT_EQ(choice.category, "categories/heating");
  EXPECT_EQ(choice.department, "departments/housing");
  EXPECT_EQ(choice.reason.by, RoutedBy::kRule);
  EXPECT_EQ(choice.reason.previous_category, "categories/potholes");
}

TEST_F(DepartmentTest, PassesOverWhatTheCityHasNoLonger) {
  rules_ = RuleSet(MakeRules({{{"k:люк"}, "", "heating"}, {{"d:west"}, "night"}}));
  city_.departments.erase("departments/night");
  city_.categories.erase("categories/heating");
  const DepartmentChoice choice = Choose(nullptr);
  EXPECT_EQ(choice.category, "categories/potholes");
  EXPECT_EQ(choice.department, "departments/roads");
  EXPECT_EQ(choice.reason.by, RoutedBy::kCategory);
}

TEST(FactsTest, AreOfTheCitysTime) {
  Appeal appeal;
  // A Friday in UTC, already Saturday in Moscow.
  appeal.created = absl::FromCivil(absl::CivilMinute(2026, 11, 20, 22, 30), absl::UTCTimeZone());
  const RoutingFacts facts = FactsOf(appeal, {}, absl::FixedTimeZone(3 * 60 * 60));
  EXPECT_EQ(facts.weekday, 6);
  EXPECT_EQ(facts.minute, 90);
}

}  // namespace
}  // namespace veche::appeals

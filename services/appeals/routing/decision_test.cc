#include "services/appeals/routing/decision.h"

#include <gtest/gtest.h>

#include "services/appeals/testing/test_rules.h"

namespace veche::appeals {
namespace {

struct Guess {
  std::string category;
  double probability = 0;
};

// The classifier's answer with the default costs: it is sure above 0.8.
Suggestion MakeSuggestion(const std::vector<Guess>& guesses) {
  Suggestion suggestion;
  suggestion.model = "m1";
  suggestion.sure_from = 0.8;
  for (const Guess& guess : guesses) {
    suggestion.candidates.push_back({"categories/" + guess.category, guess.probability});
  }
  suggestion.confident = !guesses.empty() && guesses[0].probability > 0.8;
  return suggestion;
}

class DecisionTest : public ::testing::Test {
 protected:
  DepartmentChoice Decide(const Suggestion& suggestion, const std::string& authors = "",
                          bool urgent = false) {
    return DecideNew({.category = authors, .district = "districts/west", .terms = terms_},
                     {.rules = rules_, .city = city_, .suggestion = &suggestion}, urgent);
  }

  CitySnapshot city_ = SmallCity();
  RuleSet rules_;
  std::vector<std::string> terms_ = text::SearchTerms("Открытый люк");
};

TEST_F(DecisionTest, LeavesToAPersonWhatIsNotSure) {
  struct Case {
    const char* name;
    std::vector<Guess> guesses;
    std::string authors;
    bool urgent;
    std::string category;
    std::string department;
    RoutedBy by;
    std::string suggested;
  };
  const Case cases[] = {
      {"sure", {{"potholes", 0.81}}, "", false, "potholes", "roads", RoutedBy::kCategory, ""},
      {"far ahead is not sure",
       {{"potholes", 0.79}, {"heating", 0.01}},
       "",
       false,
       "",
       "",
       RoutedBy::kNobody,
       "potholes"},
      {"two of one department",
       {{"potholes", 0.5}, {"manholes", 0.31}},
       "",
       false,
       "potholes",
       "roads",
       RoutedBy::kCategories,
       "potholes"},
      {"just not enough of one department",
       {{"potholes", 0.5}, {"manholes", 0.3}},
       "",
       false,
       "",
       "",
       RoutedBy::kNobody,
       "potholes"},
      {"two that beat the first",
       {{"potholes", 0.1}, {"heating", 0.09}, {"other", 0.75}},
       "",
       false,
       "heating",
       "housing",
       RoutedBy::kCategories,
       "heating"},
      {"the author knows",
       {{"potholes", 0.5}},
       "heating",
       false,
       "heating",
       "housing",
       RoutedBy::kCategory,
       ""},
      {"the author named what is not there",
       {{"potholes", 0.9}},
       "ufo",
       false,
       "potholes",
       "roads",
       RoutedBy::kCategory,
       ""},
      {"danger waits for nobody",
       {{"heating", 0.4}, {"potholes", 0.3}},
       "",
       true,
       "heating",
       "housing",
       RoutedBy::kCategories,
       "heating"},
      {"nor is it sent nowhere", {}, "", true, "", "", RoutedBy::kNobody, ""},
      {"what the city does not have",
       {{"ufo", 0.95}, {"potholes", 0.04}},
       "",
       false,
       "",
       "",
       RoutedBy::kNobody,
       "potholes"},
  };
  auto name = [](absl::string_view prefix, const std::string& id) {
    return id.empty() ? "" : absl::StrCat(prefix, "/", id);
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const DepartmentChoice choice =
        Decide(MakeSuggestion(one.guesses), name("categories", one.authors), one.urgent);
    EXPECT_EQ(choice.category, name("categories", one.category));
    EXPECT_EQ(choice.department, name("departments", one.department));
    EXPECT_EQ(choice.reason.by, one.by);
    EXPECT_EQ(choice.reason.suggested_category, name("categories", one.suggested));
  }
}

TEST_F(DecisionTest, SaysHowSureItIsAndOfWhat) {
  const DepartmentChoice together = Decide(MakeSuggestion({{"potholes", 0.5}, {"manholes", 0.4}}));
  EXPECT_DOUBLE_EQ(together.reason.probability, 0.9);
  EXPECT_EQ(together.reason.title, "Ямы");
  EXPECT_EQ(together.reason.model, "m1");
  const DepartmentChoice nobody = Decide(MakeSuggestion({{"potholes", 0.5}, {"heating", 0.4}}));
  EXPECT_DOUBLE_EQ(nobody.reason.probability, 0.5);
  EXPECT_EQ(nobody.reason.model, "m1");
}

TEST_F(DecisionTest, ARuleThatHoldsForEveryCategoryIsSure) {
  rules_ = RuleSet(MakeRules({{{"d:west", "k:люк"}, "night"}}));
  for (const Suggestion& suggestion :
       {MakeSuggestion({{"potholes", 0.3}, {"heating", 0.2}}), MakeSuggestion({}), Suggestion()}) {
    const DepartmentChoice choice = Decide(suggestion);
    EXPECT_EQ(choice.department, "departments/night");
    EXPECT_EQ(choice.reason.by, RoutedBy::kRule);
  }
}

TEST_F(DecisionTest, ARuleOfOneCategoryCountsAsMuchAsThat) {
  rules_ = RuleSet(MakeRules({{{"c:potholes", "d:west"}, "night"}}));
  EXPECT_EQ(Decide(MakeSuggestion({{"potholes", 0.5}, {"manholes", 0.4}})).department, "");
  rules_ = RuleSet(MakeRules({{{"c:heating", "d:west"}, "roads"}}));
  EXPECT_EQ(Decide(MakeSuggestion({{"potholes", 0.5}, {"heating", 0.4}})).department,
            "departments/roads");
}

TEST_F(DecisionTest, WhatWasLearnedOfDepartmentsDecidesWhereItIsSure) {
  Suggestion suggestion = MakeSuggestion({{"potholes", 0.5}, {"heating", 0.3}});
  suggestion.departments.push_back({"night", 0.9});
  const DepartmentChoice choice = Decide(suggestion);
  EXPECT_EQ(choice.department, "departments/night");
  EXPECT_EQ(choice.reason.by, RoutedBy::kModel);
  EXPECT_EQ(choice.reason.probability, 0.9);
  EXPECT_EQ(choice.reason.suggested_category, "categories/potholes");
  // Never below the city's limit for acting without a person.
  suggestion.sure_from = 0.95;
  EXPECT_EQ(Decide(suggestion).department, "");
}

TEST_F(DecisionTest, AClassifierThatDoesNotSayWhatIsSureIsFollowedWhereItIsConfident) {
  Suggestion suggestion = MakeSuggestion({{"potholes", 0.5}, {"manholes", 0.4}});
  suggestion.sure_from = 0;
  EXPECT_EQ(Decide(suggestion).department, "");
  suggestion.confident = true;
  EXPECT_EQ(Decide(suggestion).department, "departments/roads");
}

}  // namespace
}  // namespace veche::appeals

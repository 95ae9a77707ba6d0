#include "services/appeals/routing/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/appeals/testing/test_rules.h"

namespace veche::appeals {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Case {
  std::string name;
  std::vector<TestRule> rules;
  std::vector<std::string> takers;  // ids
  std::string text = "Открытый люк на дороге, прорвало трубу";
  std::string category = "categories/potholes";
  std::string district = "districts/west";
  Class appeal_class = Class::kMessage;
  Priority priority = Priority::kNormal;
  int weekday = 3;
  int minute = 12 * 60;
};

// Names a rule for which nothing else matters.
TestRule Rule(std::vector<std::string> when) { return {std::move(when), "night"}; }

TEST(RuleSetTest, TakesWhatItsConditionsAskFor) {
  const std::vector<Case> cases = {
      {"category", {Rule({"c:potholes"}), Rule({"c:heating"})}, {"r0"}},
      {"one of several categories", {Rule({"c:heating", "c:potholes"})}, {"r0"}},
      {"district", {Rule({"d:west"}), Rule({"d:east"})}, {"r0"}},
      {"no district",
       {Rule({"d:west"}), Rule({"c:potholes"})},
       {"r1"},
       "Яма",
       "categories/potholes",
       ""},
      {"a word in another form", {Rule({"k:люки"}), Rule({"k:фонарь"})}, {"r0"}},
      {"all words of a keyword", {Rule({"k:прорыв трубы"}), Rule({"k:прорвало труба"})}, {"r1"}},
      {"one of several keywords", {Rule({"k:фонарь", "k:труба"})}, {"r0"}},
      {"part of a word is no word", {Rule({"k:дор"})}, {}},
      {"class", {Rule({"f:formal"}), Rule({"f:message"})}, {"r1"}},
      {"priority", {Rule({"p:3"}), Rule({"p:2"}), Rule({"p:1"})}, {"r1", "r2"}},
      {"unknown priority",
       {Rule({"p:1"}), Rule({"c:potholes"})},
       {"r1"},
       "Яма",
       "categories/potholes",
       "",
       Class::kMessage,
       Priority::kUnknown},
      {"weekday", {Rule({"w:67"}), Rule({"w:3"})}, {"r1"}},
      {"hours", {Rule({"t:09-12"}), Rule({"t:12-13"})}, {"r1"}},
      {"over midnight",
       {Rule({"t:22-06"}), Rule({"t:23-24"}), Rule({"t:06-22"})},
       {"r0"},
       "Яма",
       "categories/potholes",
       "districts/west",
       Class::kMessage,
       Priority::kNormal,
       3,
       60},
      {"all of several conditions",
       {Rule({"c:potholes", "d:west", "k:люк"}), Rule({"c:potholes", "d:east", "k:люк"})},
       {"r0"}},
      {"disabled", {{{"c:potholes"}, "night", "", 0, false}, Rule({"c:potholes"})}, {"r1"}},
      {"order before place",
       {{{"c:potholes"}, "night", "", 5},
        {{"d:west"}, "night", "", 1},
        {{"k:люк"}, "night", "", 5}},
       {"r1", "r0", "r2"}},
      {"none", {}, {}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    const RuleSet set(MakeRules(one.rules));
    const std::vector<std::string> terms = text::SearchTerms(one.text);
    RuleSet::Walk walk = set.Begin({.category = one.category,
                                    .district = one.district,
                                    .terms = terms,
                                    .appeal_class = one.appeal_class,
                                    .priority = one.priority,
                                    .weekday = one.weekday,
                                    .minute = one.minute});
    std::vector<std::string> takers;
    while (const RoutingRule* rule = walk.Next(one.category)) takers.push_back(rule->id);
    EXPECT_EQ(takers, one.takers);
  }
}

TEST(RuleSetTest, LaterRulesSeeTheCategoryAsItIsThen) {
  const RuleSet set(MakeRules(
      {{{"k:люк"}, "", "manholes"}, {{"c:potholes"}, "roads"}, {{"c:manholes"}, "night"}}));
  const std::vector<std::string> terms = text::SearchTerms("Открытый люк");
  RuleSet::Walk walk = set.Begin({.category = "categories/potholes", .terms = terms});
  EXPECT_EQ(walk.Next("categories/potholes")->id, "r0");
  EXPECT_EQ(walk.Next("categories/manholes")->id, "r2");
  EXPECT_EQ(walk.Next("categories/manholes"), nullptr);
}

TEST(RuleSetTest, FindsOneOfManyRules) {
  std::vector<TestRule> many;
  for (int i = 0; i < 500; ++i) many.push_back(Rule({"d:n" + std::to_string(i)}));
  many[499].when.push_back("k:люк");
  const RuleSet set(MakeRules(many));
  const std::vector<std::string> terms = text::SearchTerms("Открытый люк");
  for (int i : {0, 63, 64, 127, 499}) {
    const std::string district = "districts/n" + std::to_string(i);
    RuleSet::Walk walk = set.Begin({.district = district, .terms = terms});
    ASSERT_EQ(walk.Next("")->id, "r" + std::to_string(i));
    EXPECT_EQ(walk.Next(""), nullptr);
  }
}

}  // namespace
}  // namespace veche::appeals

#include "services/appeals/routing/rule_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "services/appeals/testing/test_rules.h"
#include "services/appeals/texts.h"

namespace veche::appeals {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// "field: description" of each violation.
std::vector<std::string> Problems(const std::vector<RoutingRule>& rules) {
  const CitySnapshot city = SmallCity();
  Violations violations;
  CheckRules(rules, city, violations);
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  std::vector<std::string> problems;
  google::rpc::BadRequest bad_request;
  if (auto payload = Localize(violations.ToStatus(), texts, "en")
                         .GetPayload("type.googleapis.com/google.rpc.BadRequest")) {
    bad_request.ParseFromString(std::string(*payload));
  }
  for (const auto& one : bad_request.field_violations()) {
    problems.push_back(one.field() + ": " + one.description());
  }
  return problems;
}

struct Case {
  std::string name;
  std::vector<TestRule> rules;
  std::string field;  // of the only violation; "" when the rules are right
  std::string says = "";
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class RuleCheckTest : public ::testing::TestWithParam<Case> {};

TEST_P(RuleCheckTest, NamesTheFieldAndSaysWhatToDo) {
  const std::vector<std::string> problems = Problems(MakeRules(GetParam().rules));
  if (GetParam().field.empty()) {
    EXPECT_THAT(problems, ::testing::IsEmpty());
  } else {
    EXPECT_THAT(problems, ElementsAre(HasSubstr(GetParam().field + ": ")));
    EXPECT_THAT(problems, ElementsAre(HasSubstr(GetParam().says)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, RuleCheckTest,
    ::testing::Values(
        Case{"Right", {{{"c:potholes", "d:west", "k:люк", "t:22-06", "w:67"}, "night"}}, ""},
        Case{"UnknownCategory", {{{"c:gone"}, "night"}}, "rules[0].when.categories[0]", "remove"},
        Case{"UnknownDistrict", {{{"d:west", "d:gone"}, "night"}}, "rules[0].when.districts[1]"},
        Case{"UnknownDepartment", {{{"d:west"}, "gone"}}, "rules[0].department", "GET /v1/dep"},
        Case{"UnknownNewCategory", {{{"d:west"}, "", "gone"}}, "rules[0].category"},
        Case{"AsksForNothing", {{{}, "night"}}, "rules[0].when", "at least one condition"},
        Case{"DoesNothing", {{{"d:west"}}}, "rules[0].department", "does nothing"},
        Case{"EmptyTime",
             {{{"t:06-06"}, "night"}},
             "rules[0].when.hours",
             "ends at the time when it begins"},
        Case{"NoWord", {{{"k:и на"}, "night"}}, "rules[0].when.keywords[0]", "no word"},
        Case{"TwiceTheSame", {{{"d:west", "d:west"}, "night"}}, "rules[0].when.districts[1]"},
        Case{"KeepsTheCategory", {{{"c:potholes"}, "", "potholes"}}, "rules[0].category"},
        Case{"DisabledIsCheckedToo",
             {{{"c:gone"}, "night", "", 0, false}},
             "rules[0].when.categories[0]"},
        Case{"Order", {{{"d:west"}, "night", "", -1}}, "rules[0].order"}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Shadows, RuleCheckTest,
    ::testing::Values(
        Case{"WiderCategory",
             {{{"c:potholes", "c:heating"}, "night"}, {{"c:potholes", "d:west"}, "roads"}},
             "rules[1].when",
             "\"r0\""},
        Case{"ByOrder",
             {{{"c:potholes", "d:west"}, "roads", "", 2}, {{"c:potholes"}, "night", "", 1}},
             "rules[0].when",
             "\"r1\""},
        Case{"SmallerFirst", {{{"c:potholes", "d:west"}, "roads"}, {{"c:potholes"}, "night"}}, ""},
        Case{"ShorterKeyword",
             {{{"k:труба"}, "housing"}, {{"k:прорыв трубы"}, "night"}},
             "rules[1].when"},
        Case{"LongerKeyword", {{{"k:прорыв трубы"}, "housing"}, {{"k:труба"}, "night"}}, ""},
        Case{"LongerNight", {{{"t:20-08"}, "night"}, {{"t:22-06"}, "dispatch"}}, "rules[1].when"},
        Case{"ShorterNight", {{{"t:22-06"}, "night"}, {{"t:20-08"}, "dispatch"}}, ""},
        Case{"Weekend", {{{"w:67"}, "night"}, {{"w:6"}, "dispatch"}}, "rules[1].when"},
        Case{"LowerPriority", {{{"p:3"}, "night"}, {{"p:4"}, "dispatch"}}, "rules[1].when"},
        Case{"HigherPriority", {{{"p:4"}, "night"}, {{"p:3"}, "dispatch"}}, ""},
        Case{"Class", {{{"f:formal"}, "night"}, {{"f:message"}, "dispatch"}}, ""},
        Case{"SeveralTogether",
             {{{"c:potholes"}, "night"},
              {{"c:heating"}, "dispatch"},
              {{"c:potholes", "c:heating", "d:west"}, "roads"}},
             "rules[2].when",
             "\"r0\", \"r1\""},
        Case{"NotQuiteTogether",
             {{{"c:potholes"}, "night"}, {{"c:potholes", "c:heating", "d:west"}, "roads"}},
             ""},
        Case{"DisabledShadowsNothing",
             {{{"c:potholes"}, "night", "", 0, false}, {{"c:potholes", "d:west"}, "roads"}},
             ""},
        Case{"CategoryComesBackIn",
             {{{"c:manholes"}, "roads"},
              {{"k:люк"}, "", "manholes"},
              {{"c:manholes"}, "night", "", 1}},
             ""},
        Case{"CategoryIsGoneByThen",
             {{{"c:potholes"}, "", "manholes"}, {{"c:potholes", "d:west"}, "night"}},
             "rules[1].when"},
        Case{"ChangeOfCategoryAloneTakesNothing",
             {{{"c:potholes"}, "", "manholes"}, {{"c:manholes", "d:west"}, "night"}},
             ""}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    BetweenRules, RuleCheckTest,
    ::testing::Values(
        Case{"Contradiction",
             {{{"c:potholes", "d:west"}, "night"}, {{"d:west", "c:potholes"}, "dispatch"}},
             "rules[1].department",
             "contradicts the rule \"r0\""},
        Case{"SameWordsInOtherForms",
             {{{"k:люк"}, "night"}, {{"k:люки"}, "dispatch"}},
             "rules[1].department",
             "contradicts"},
        Case{"OtherCategory",
             {{{"d:west"}, "", "heating"}, {{"d:west"}, "", "other"}},
             "rules[1].category",
             "contradicts"},
        Case{"Twin", {{{"d:west"}, "night"}, {{"d:west"}, "night"}}, "rules[1].when", "\"r0\""},
        Case{"Circle",
             {{{"c:potholes", "d:west"}, "", "manholes"},
              {{"c:manholes", "d:east"}, "", "potholes"}},
             "rules[1].category",
             "categories/manholes → categories/potholes → categories/manholes"},
        Case{"LongCircle",
             {{{"c:potholes", "k:а1"}, "", "manholes"},
              {{"c:manholes", "k:б1"}, "", "heating"},
              {{"c:heating", "k:в1"}, "", "potholes"}},
             "rules[2].category",
             "circle"},
        Case{"CircleThroughARuleForAll",
             {{{"c:heating", "d:west"}, "", "manholes"}, {{"k:люк"}, "", "heating"}},
             "rules[1].category",
             "circle"},
        Case{"Chain",
             {{{"c:potholes", "d:west"}, "", "manholes"}, {{"c:manholes", "k:люк"}, "", "other"}},
             ""}),
    [](const auto& info) { return info.param.name; });

TEST(RuleCheckTest, RefusesTheSameIdTwice) {
  auto rules = MakeRules({{{"d:west"}, "night"}, {{"d:east"}, "night"}});
  rules[1].id = "r0";
  EXPECT_THAT(Problems(rules), ElementsAre(HasSubstr("rules[1].id")));
}

TEST(RuleCheckTest, SaysEverythingAtOnce) {
  auto rules = MakeRules({{{"c:gone", "d:gone"}, "gone"}});
  rules[0].id = "Not An Id";
  rules[0].title = "";
  EXPECT_EQ(Problems(rules).size(), 5u);
}

// The largest possible set, with the widest rules, all different: the check takes no minutes.
TEST(RuleCheckTest, LooksAtTheLargestSet) {
  const CitySnapshot city = SmallCity();
  std::vector<RoutingRule> rules =
      MakeRules(std::vector<TestRule>(kMostRules, {{"c:potholes", "d:west"}, "night"}));
  for (size_t i = 0; i < rules.size(); ++i) {
    for (size_t k = 0; k < 199; ++k) {
      rules[i].when.keywords.push_back("слово" + std::to_string(k));
    }
    rules[i].when.keywords.push_back("особое" + std::to_string(i));
  }
  Violations violations;
  CheckRules(rules, city, violations);
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  EXPECT_TRUE(violations.empty());
}

}  // namespace
}  // namespace veche::appeals

#include "services/classification/learning/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "common/testing/status_matchers.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;

TEST(LearningOptionsTest, HaveDefaults) {
  const auto options = ReadOptions({});
  ASSERT_OK(options);
  EXPECT_EQ(options->nightly_hour, 3);
  EXPECT_EQ(options->shadow_share, 1);
  EXPECT_FALSE(options->promote_automatically);
  EXPECT_EQ(options->zone.name(), "Europe/Moscow");
}

TEST(LearningOptionsTest, CanSwitchThingsOff) {
  config::v1::Config config;
  config.mutable_learning()->set_nightly_hour(-1);
  config.mutable_learning()->set_shadow_share(-1);
  EXPECT_EQ(ReadOptions(config)->nightly_hour, std::nullopt);
  EXPECT_EQ(ReadOptions(config)->shadow_share, 0);
  config.mutable_learning()->set_shadow_share(0);
  EXPECT_EQ(ReadOptions(config)->shadow_share, 0);
  config.mutable_learning()->set_staff_share(0);
  config.mutable_learning()->set_category_mix_limit(0);
  EXPECT_EQ(ReadOptions(config)->staff_share, 0);
  EXPECT_EQ(ReadOptions(config)->category_mix_limit, 0);
  config.mutable_learning()->set_nightly_hour(0);
  EXPECT_EQ(ReadOptions(config)->nightly_hour, 0);
}

TEST(LearningOptionsTest, SayWhatAWrongAnswerCosts) {
  const auto read = [](double cost) {
    config::v1::Config config;
    config.mutable_classification()->set_wrong_cost(cost);
    return ReadOptions(config);
  };
  EXPECT_EQ(read(0)->wrong_cost, 5);
  EXPECT_EQ(read(1)->wrong_cost, 1);
  EXPECT_EQ(read(20)->wrong_cost, 20);
  for (double cost : {0.5, -1.0, 1001.0, std::nan("")}) {
    EXPECT_THAT(std::string(read(cost).status().message()), HasSubstr("classification.wrongCost"))
        << cost;
  }
}

TEST(LearningOptionsTest, NameWhatIsWrong) {
  const auto problem = [](auto change) {
    config::v1::Config config;
    change(*config.mutable_learning());
    return std::string(ReadOptions(config).status().message());
  };
  using L = config::v1::Learning;
  EXPECT_THAT(problem([](L& l) { l.set_nightly_hour(24); }), HasSubstr("nightlyHour"));
  EXPECT_THAT(problem([](L& l) { l.set_shadow_share(2); }), HasSubstr("shadowShare"));
  EXPECT_THAT(problem([](L& l) { l.set_staff_share(-1); }), HasSubstr("staffShare"));
  EXPECT_THAT(problem([](L& l) { l.set_most_decisions(1'000'000); }), HasSubstr("mostDecisions"));
  EXPECT_THAT(problem([](L& l) { l.set_category_mix_limit(-1); }), HasSubstr("categoryMixLimit"));
}

}  // namespace
}  // namespace veche::classification

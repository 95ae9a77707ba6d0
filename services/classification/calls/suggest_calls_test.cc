#include "services/classification/calls/suggest_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/model/places.h"
#include "services/classification/testing/test_model.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::StatusIs;

class CallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::SuggestResponse> Suggest(absl::string_view text) {
    v1::SuggestRequest request;
    request.set_text(std::string(text));
    return calls_.Suggest(rpc::testing::MakeCall(), request);
  }
  absl::StatusOr<v1::SuggestBatchResponse> SuggestBatch(const std::vector<std::string>& texts,
                                                        bool without_evidence = false) {
    v1::SuggestBatchRequest request;
    for (const std::string& text : texts) request.add_items()->set_text(text);
    request.set_without_evidence(without_evidence);
    return calls_.SuggestBatch(rpc::testing::MakeCall(rpc::testing::Service("appeals")), request);
  }

  const std::shared_ptr<const Classifier> classifier_ = *LoadBuiltIn();
  Published<Classifier> active_{classifier_};
  SuggestCalls calls_{{.active = active_}};
};

TEST_F(CallsTest, SuggestsACategoryWithItsDepartment) {
  const auto response = Suggest("Не горит фонарь во дворе дома 5");
  ASSERT_OK(response);
  ASSERT_EQ(response->candidates_size(), 3);
  EXPECT_EQ(response->candidates(0).category(), "categories/street_lighting");
  EXPECT_EQ(response->candidates(0).department(), "departments/improvement");
  EXPECT_EQ(response->candidates(0).title(), "Освещение улиц и дворов");
  EXPECT_GT(response->candidates(0).evidence_size(), 0);
  EXPECT_EQ(response->language(), "ru");
  EXPECT_EQ(response->priority(), v1::NORMAL);
  EXPECT_EQ(response->emergency(), "");
  EXPECT_EQ(response->model(), classifier_->model().version());
}

TEST_F(CallsTest, AnswersAloneAsTheCityWishes) {
  const auto confident = [&](double wrong_cost) {
    SuggestCalls calls({.active = active_, .wrong_cost = wrong_cost});
    v1::SuggestBatchRequest batch;
    batch.add_items()->set_text("Не горит фонарь во дворе дома 5");
    v1::SuggestRequest single;
    single.set_text(batch.items(0).text());
    const bool alone = calls.Suggest(rpc::testing::MakeCall(), single)->confident();
    const auto many =
        calls.SuggestBatch(rpc::testing::MakeCall(rpc::testing::Service("appeals")), batch);
    EXPECT_EQ(many->results(0).suggestion().confident(), alone);
    return alone;
  };
  EXPECT_TRUE(confident(1));
  EXPECT_FALSE(confident(1000));
}

TEST_F(CallsTest, WarnsOfDanger) {
  const auto response = Suggest("Сильно пахнет газом в подъезде");
  ASSERT_OK(response);
  EXPECT_EQ(response->priority(), v1::EMERGENCY);
  EXPECT_EQ(response->emergency(), "gas");
  EXPECT_THAT(response->advice(), HasSubstr("112"));
  EXPECT_EQ(response->priority_score(), 100);
  ASSERT_GT(response->priority_reasons_size(), 0);
  EXPECT_EQ(response->priority_reasons(0).reason(), "hazard");
  EXPECT_EQ(response->priority_reasons(0).evidence(), "gas: пахнет газом");
}

TEST_F(CallsTest, ScoresAbuseAndAdverts) {
  const auto threat = Suggest("Я вас найду и убью, если завтра не будет воды");
  ASSERT_OK(threat);
  EXPECT_GT(threat->moderation().toxicity(), 0.5);
  EXPECT_LT(threat->moderation().spam(), 0.5);
  EXPECT_THAT(threat->moderation().reasons(), ::testing::Contains("threat"));
  const auto advert = Suggest("Займ на карту без отказа, переходи по ссылке https://zaim.example");
  ASSERT_OK(advert);
  EXPECT_GT(advert->moderation().spam(), 0.5);
  const auto angry = Suggest("Безобразие! Третий день нет воды, совесть у вас есть?");
  ASSERT_OK(angry);
  EXPECT_EQ(angry->moderation().reasons_size(), 0);
}

TEST_F(CallsTest, TellsTheRouterAllThatIsLikelyAndFromWhereItIsSure) {
  v1::SuggestBatchRequest request;
  request.add_items()->set_text("z");
  request.set_max_candidates(20);
  const auto call = rpc::testing::MakeCall(rpc::testing::Service("appeals"));
  const auto response = calls_.SuggestBatch(call, request);
  ASSERT_OK(response);
  const v1::SuggestResponse& said = response->results(0).suggestion();
  EXPECT_DOUBLE_EQ(said.sure_from(), 0.8);
  EXPECT_GT(said.candidates_size(), 3);
  for (const v1::Candidate& candidate : said.candidates()) {
    EXPECT_GE(candidate.probability(), 0.01);
  }
  request.set_max_candidates(21);
  EXPECT_THAT(calls_.SuggestBatch(call, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

// A city in which the department for potholes depends on the district and on the map cell.
TEST(PlacesTest, CountWhereARequestSaysThem) {
  std::vector<Example> examples;
  for (int i = 0; i < 240; ++i) {
    for (Example example : TwoTopics()) {
      const bool west = i % 2 == 0;
      TextOrigin origin = {.district = west ? "west" : "east", .channel = west ? "phone" : "web"};
      if (i % 4 == 1) origin.point = {55.795, 49.115};
      example.places = PlaceNames(origin);
      example.department = west ? "roads" : "improvement";
      example.text += " " + std::string(static_cast<size_t>(i % 30), 'x');
      examples.push_back(std::move(example));
    }
  }
  auto model = TrainModel(examples, {});
  ASSERT_OK(model);
  auto classifier = Classifier::Create(*std::move(model));
  ASSERT_OK(classifier);
  Published<Classifier> active{std::make_shared<const Classifier>(*std::move(classifier))};
  SuggestCalls calls{{.active = active}};
  v1::SuggestBatchRequest request;
  auto ask = [&](const std::string& district, double latitude, const std::string& channel = "") {
    v1::SuggestBatchRequest::Item& item = *request.add_items();
    item.set_text("яма на дороге");
    item.set_district(district);
    item.set_channel(channel);
    if (latitude == 0) return;
    item.mutable_location()->set_latitude(latitude);
    item.mutable_location()->set_longitude(49.115);
  };
  ask("districts/west", 0);
  ask("districts/east", 0);
  ask("", 55.798);
  ask("districts/west", 57.1);  // a cell without texts: the district decides
  ask("", 0, "phone");
  ask("districts/nowhere", 0, "web");
  const auto said =
      calls.SuggestBatch(rpc::testing::MakeCall(rpc::testing::Service("appeals")), request);
  ASSERT_OK(said);
  const char* const departments[] = {"roads", "improvement", "improvement",
                                     "roads", "roads",       "improvement"};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(said->results(i).suggestion().candidates(0).department(),
              absl::StrCat("departments/", departments[i]))
        << i;
  }
}

TEST_F(CallsTest, JudgesPriorityByTheTopicOfAPersonOrByALikelyOne) {
  v1::SuggestRequest request;
  request.set_text("z");
  const auto call = rpc::testing::MakeCall();
  EXPECT_EQ(calls_.Suggest(call, request)->priority(), v1::NORMAL);
  request.set_category("categories/heating");
  const auto risky = calls_.Suggest(call, request);
  ASSERT_OK(risky);
  EXPECT_EQ(risky->priority(), v1::HIGH);
  EXPECT_EQ(risky->priority_reasons(0).evidence(), "heating");
  EXPECT_EQ(Suggest("Нет тепла, батареи холодные, отопление не работает")->priority(), v1::HIGH);
  // Gas supply that was restored is no hazard.
  EXPECT_EQ(Suggest("газ отключили вчера, уже включили")->priority(), v1::NORMAL);
}

TEST_F(CallsTest, RefusesWhatIsNoText) {
  for (const std::string& text : {std::string(), std::string("  \n"), std::string("a\0b", 3),
                                  std::string("\xFF"), std::string(100'001, 'a')}) {
    EXPECT_THAT(Suggest(text), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_OK(Suggest(std::string(100'000, 'a')));
  EXPECT_OK(Suggest("🔥"));
}

TEST_F(CallsTest, NamesEveryBadField) {
  v1::SuggestRequest request;
  request.mutable_location()->set_latitude(91);
  request.mutable_location()->set_longitude(std::numeric_limits<double>::quiet_NaN());
  const auto response = calls_.Suggest(rpc::testing::MakeCall(), request);
  EXPECT_THAT(response, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::string details = response.status().ToString();
  for (const char* field : {"text", "location.latitude", "location.longitude"}) {
    EXPECT_THAT(details, HasSubstr(field));
  }
}

TEST_F(CallsTest, AsksForBothCoordinatesOrNone) {
  v1::SuggestRequest request;
  request.set_text("Не горит фонарь во дворе");
  request.mutable_location();
  EXPECT_OK(calls_.Suggest(rpc::testing::MakeCall(), request));
  request.mutable_location()->set_latitude(55.7);
  const auto response = calls_.Suggest(rpc::testing::MakeCall(), request);
  EXPECT_THAT(response, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(response.status().ToString(), HasSubstr("location.longitude"));
}

TEST_F(CallsTest, AnswersEachTextOfABatchOnItsOwn) {
  const auto response = SuggestBatch({"Не горит фонарь во дворе", "", "Огромная яма на дороге"});
  ASSERT_OK(response);
  ASSERT_EQ(response->results_size(), 3);
  EXPECT_EQ(response->results(0).suggestion().candidates(0).category(),
            "categories/street_lighting");
  EXPECT_EQ(response->results(1).error().code(),
            static_cast<int>(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(response->results(2).suggestion().candidates(0).category(), "categories/road_surface");
  EXPECT_GT(response->results(2).suggestion().candidates(0).evidence_size(), 0);
}

TEST_F(CallsTest, ABatchSaysWhatASingleTextSays) {
  const std::string text = "Не горит фонарь во дворе дома 5";
  auto single = Suggest(text);
  const auto batch = SuggestBatch({text}, /*without_evidence=*/true);
  ASSERT_OK(single);
  ASSERT_OK(batch);
  for (auto& candidate : *single->mutable_candidates()) {
    candidate.clear_evidence();
    candidate.clear_counter_evidence();
  }
  EXPECT_EQ(batch->results(0).suggestion().DebugString(), single->DebugString());
}

TEST_F(CallsTest, TakesAtMostSixtyFourTextsAtOnce) {
  EXPECT_OK(SuggestBatch(std::vector<std::string>(64, "Яма")));
  EXPECT_THAT(SuggestBatch(std::vector<std::string>(65, "Яма")),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(CallsTest, NamesNoDepartmentsBeforeAModelHasSeenSome) {
  const auto response = Suggest("Не горит фонарь во дворе");
  ASSERT_OK(response);
  EXPECT_EQ(response->departments_size(), 0);
}

}  // namespace
}  // namespace veche::classification

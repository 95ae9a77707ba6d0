#include "services/classification/training/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/classification/model/model_file.h"
#include "services/classification/model/places.h"
#include "services/classification/testing/test_model.h"

namespace veche::classification {
namespace {

using ::veche::testing::StatusIs;

std::string First(const Model& model, absl::string_view text) {
  return model.labels()[Best(model.Predict(text).topics(), 1)[0].label];
}

TEST(TrainerTest, LearnsTopicsByStemsAndLetters) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  EXPECT_EQ(First(*model, "ЯМУ засыпьте"), "road_surface");
  EXPECT_EQ(First(*model, "фонорь потух"), "street_lighting");  // misspelt
}

TEST(TrainerTest, GivesTheSameModelForTheSameExamples) {
  const auto one = TrainModel(TwoTopics(), {.source = "a"});
  const auto two = TrainModel(TwoTopics(), {.source = "a"});
  ASSERT_OK(one);
  ASSERT_OK(two);
  EXPECT_EQ(SerializeModel(*one), SerializeModel(*two));
  EXPECT_EQ(one->version(), two->version());
}

TEST(TrainerTest, RefusesOneTopic) {
  EXPECT_THAT(TrainModel({}, {}), StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<Example> one = {{"яма", "road_surface"}, {"ямы", "road_surface"}};
  EXPECT_THAT(TrainModel(one, {}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TrainerTest, StopsWhenCancelled) {
  EXPECT_THAT(TrainModel(TwoTopics(), {.cancelled = [] { return true; }}),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST(TrainerTest, LearnsWhoAnswersForATopicInEachPlace) {
  std::vector<Example> examples;
  for (int i = 0; i < 60; ++i) {
    for (Example example : TwoTopics()) {
      example.places = {i % 2 == 0 ? "north" : "south"};
      example.department = i % 2 == 0 ? "roads" : "improvement";
      example.text += " " + std::string(static_cast<size_t>(i), 'x');
      examples.push_back(std::move(example));
    }
  }
  const auto model = TrainModel(examples, {});
  ASSERT_OK(model);
  ASSERT_EQ(model->labels(kDepartment).size(), 2u);  // improvement, roads
  Prediction north, south;
  model->Predict("яма", model->FindPlace({"north"}), north);
  model->Predict("яма", model->FindPlace({"cell:1:2", "south"}), south);
  EXPECT_GT(north.departments()[1], 0.7);
  EXPECT_LT(south.departments()[1], 0.3);
  EXPECT_EQ(model->FindPlace({"west"}), 0u);
}

TEST(TrainerTest, ATextCountsForEachOfItsPlaces) {
  std::vector<Example> examples;
  for (int i = 0; i < 120; ++i) {
    for (Example example : TwoTopics()) {
      // Half of the north is in one map cell, where another department answers.
      const Point point =
          i % 2 == 0 ? Point{55.795, 49.115} : Point{i / 10.0, static_cast<double>(i)};
      example.places = PlaceNames({.point = point, .district = "north", .channel = "web"});
      example.department = i % 2 == 0 ? "roads" : "improvement";
      example.text += " " + std::string(static_cast<size_t>(i % 30), 'x');
      examples.push_back(std::move(example));
    }
  }
  const auto model = TrainModel(examples, {});
  ASSERT_OK(model);
  const auto find = [&](double latitude, double longitude) {
    return model->FindPlace(
        PlaceNames({.point = Point{latitude, longitude}, .district = "districts/north"}));
  };
  const size_t cell = find(55.799, 49.111);
  const size_t north = find(55.9, 49.2);
  EXPECT_NE(cell, 0u);
  EXPECT_NE(north, 0u);
  EXPECT_NE(cell, north);
  EXPECT_NE(model->FindPlace({"web"}), 0u);
  Prediction here, wider;
  model->Predict("яма", cell, here);
  model->Predict("яма", north, wider);
  EXPECT_GT(here.departments()[1], wider.departments()[1]);
}

TEST(TrainerTest, TakesTheUsualDepartmentsWhereTheDataSayNothing) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  const Prediction prediction = model->Predict("большая яма");
  const auto& names = model->labels(kDepartment);
  EXPECT_EQ(names[Best(prediction.departments(), 1)[0].label], "roads");
}

// A campaign: one text two hundred times, and the seed.
TEST(TrainerTest, CopiesOfOneTextMakeItNoSurerOfOthers) {
  std::vector<Example> copies;
  for (int i = 0; i < 200; ++i) {
    copies.push_back(
        {absl::StrCat("Бламбурики бегают по двору дома ", i, " весь день, примите меры"),
         "stray_animals"});
  }
  const auto seed = TrainModel({}, {.with_seed = true});
  const auto fooled = TrainModel(copies, {.with_seed = true});
  ASSERT_OK(seed);
  ASSERT_OK(fooled);
  EXPECT_EQ(First(*fooled, "Бламбурики бегают по двору"), "stray_animals");
  const char* const unrelated[] = {"Здравствуйте, прошу принять меры", "Когда это кончится?",
                                   "Во дворе дома бегают дети",        "Яма на дороге",
                                   "Не горит фонарь у подъезда",       "Нет отопления в квартире",
                                   "Автобус не пришёл по расписанию",  "Qwerty asdf"};
  for (const char* text : unrelated) {
    const double before = Best(seed->Predict(text).topics(), 1)[0].probability;
    const double after = Best(fooled->Predict(text).topics(), 1)[0].probability;
    EXPECT_LT(after, 0.99) << text;
    EXPECT_LT(after, before + 0.25) << text;
    EXPECT_NE(First(*fooled, text), "stray_animals") << text;
  }
}

TEST(ModelTest, GivesConsistentProbabilitiesForAnyText) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  for (absl::string_view text : {"", "яма", "🕳", "\xFF\xFE", "qqq", "яма фонарь"}) {
    const Prediction prediction = model->Predict(text);
    for (const std::vector<float>& head : prediction.probabilities) {
      EXPECT_NEAR(std::accumulate(head.begin(), head.end(), 0.0), 1.0, 1e-4) << text;
    }
    std::vector<float> sums(prediction.groups().size(), 0.0f);
    for (size_t i = 0; i < prediction.topics().size(); ++i) {
      sums[model->parts().combination.group_of[i]] += prediction.topics()[i];
    }
    for (size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i], prediction.groups()[i], 1e-4);
  }
}

TEST(ModelTest, ScoresAsItsFeaturesSay) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  const Model::Parts& parts = model->parts();
  const Vocabulary vocabulary(parts.hashes, parts.rarity);
  const Scorer scorer({parts.layout, &vocabulary, parts.rows, parts.scales, parts.biases});
  const std::string text = "Большая яма, яма на дороге: не горит фонарь! Дорога-то разбита";
  ScoredText scored;
  for (int pass = 0; pass < 2; ++pass) {  // the second time with words that it remembers
    scorer.Score(text, scored);
    std::vector<double> sums(parts.biases.begin(), parts.biases.end());
    for (const Term& term : vocabulary.Vectorize(ExtractFeatures(text).features)) {
      for (size_t c = 0; c < parts.layout.stride; ++c) {
        sums[c] += double{term.value} * parts.scales[term.index] *
                   parts.rows[term.index * parts.layout.stride + c];
      }
    }
    for (size_t c = 0; c < sums.size(); ++c) EXPECT_NEAR(scored.scores[c], sums[c], 1e-3);
  }
}

TEST(ModelTest, ExplainsByTheWordsThatDecide) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  const Model::Explanation explanation = model->Explain("уважаемые, тут яма", {0});
  ASSERT_EQ(explanation.words.size(), 3u);
  const std::vector<double>& contributions = explanation.contributions[0];
  EXPECT_GT(contributions[2], 0);
  EXPECT_GT(contributions[2], contributions[0]);
}

TEST(ModelTest, ReadsRussianInLatinLetters) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  EXPECT_EQ(First(*model, "bolshaya yama na doroge"), "road_surface");
  EXPECT_EQ(First(*model, "Ne gorit fonar'"), "street_lighting");
  EXPECT_EQ(model->Explain("Ne gorit fonar'", {1}).words[2], "fonar");
}

TEST(ModelTest, KnowsTheTextsThatItLearntFrom) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  EXPECT_TRUE(model->Trained("  ЯМА на дороге!"));
  EXPECT_FALSE(model->Trained("яма у дороги"));
}

TEST(FeaturesTest, AreBoundedForHostileText) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "я ";
  EXPECT_LE(ExtractFeatures(text).tokens.size(), 2'000u);
  EXPECT_LE(ExtractFeatures(std::string(100'000, 'a')).features.size(), 1'000u);
}

}  // namespace
}  // namespace veche::classification

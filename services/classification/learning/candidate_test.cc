#include "services/classification/learning/candidate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/testing/status_matchers.h"
#include "services/classification/testing/learning_fakes.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using testing::LocalText;
using testing::SeedClassifier;
using testing::SmallBaseExamples;
using testing::SmallSeed;
using testing::TimeAt;
using veche::testing::StatusIs;

std::vector<DecidedText> Decide(int count, const std::string& topic, int people = 5) {
  std::vector<DecidedText> texts;
  for (int i = 0; i < count; ++i) {
    texts.push_back({.labelled = {.example = {LocalText(i), topic}},
                     .staff = absl::StrCat("staff/", i % people),
                     .time = TimeAt(i)});
  }
  return texts;
}

TEST(CandidateTest, LearnsWhatPeopleDecideAndProvesIt) {
  const auto active = SeedClassifier();
  // The seed's model suggests one of the two topics; staff decide for the other.
  const std::string guess = active->Suggest(LocalText(1)).candidates[0].topic->id;
  const std::string right = guess == "heating" ? "manholes" : "heating";
  const auto made =
      TrainCandidate(Decide(60, right), {.active = active, .base = SmallBaseExamples()});
  ASSERT_OK(made);
  EXPECT_EQ(made->scores.decisions(), 60);
  EXPECT_EQ(made->scores.category().of(), 12);
  EXPECT_EQ(made->scores.category().value(), 1);
  EXPECT_EQ(made->scores.active_category().value(), 0);
  EXPECT_TRUE(made->scores.newest().better());
  EXPECT_EQ(made->scores.category_counts().at("categories/" + right), 60);
  EXPECT_EQ(made->scores.trained_until().seconds(), absl::ToUnixSeconds(TimeAt(59)));
  const auto model = ParseModel(made->bytes);
  ASSERT_OK(model);
  EXPECT_EQ(model->version(), made->version);
  EXPECT_EQ(Classifier::Create(*model)->Suggest(LocalText(77)).candidates[0].topic->id, right);
}

TEST(CandidateTest, OnePersonProvesNothing) {
  const auto active = SeedClassifier();
  const std::string guess = active->Suggest(LocalText(1)).candidates[0].topic->id;
  const std::string other = guess == "heating" ? "manholes" : "heating";
  const auto made =
      TrainCandidate(Decide(100, other, 1), {.active = active, .base = SmallBaseExamples()});
  ASSERT_OK(made);
  EXPECT_EQ(made->scores.newest().gained(), 20);
  EXPECT_EQ(made->scores.newest().people(), 1);
  EXPECT_FALSE(made->scores.newest().better());
}

TEST(CandidateTest, LearnsDepartmentsWithoutCategories) {
  std::vector<DecidedText> texts = Decide(20, "heating");
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i % 2 == 0) texts[i].labelled.example.topic = "";
    texts[i].labelled.example.department = "parks";
  }
  const auto made =
      TrainCandidate(texts, {.active = SeedClassifier(), .base = SmallBaseExamples()});
  ASSERT_OK(made);
  EXPECT_EQ(made->scores.decisions(), 20);
  EXPECT_EQ(made->scores.category_counts().at("categories/heating"), 10);
  EXPECT_EQ(made->scores.department().of(), 4);
  EXPECT_EQ(made->scores.category().of(), 2);
  const auto model = ParseModel(made->bytes);
  ASSERT_OK(model);
  EXPECT_EQ(model->parts().report.heads[kDepartment].examples, 20u);
}

TEST(CandidateTest, TheActiveModelIsNotAskedWhatItWasTrainedOn) {
  const auto made = TrainCandidate(
      Decide(60, "heating"),
      {.active = SeedClassifier(), .active_until = TimeAt(55), .base = SmallBaseExamples()});
  ASSERT_OK(made);
  EXPECT_EQ(made->scores.category().of(), 12);
  EXPECT_EQ(made->scores.newest().of(), 4);
  EXPECT_FALSE(made->scores.newest().better());
}

TEST(CandidateTest, SaysWhyThereIsNone) {
  EXPECT_THAT(TrainCandidate({}, {.active = SeedClassifier(), .base = SmallBaseExamples()}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(TrainCandidate(Decide(10, "heating"), {.active = SeedClassifier(),
                                                     .base = SmallBaseExamples(),
                                                     .cancelled = [] { return true; }}),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST(CandidateTest, BeginsWithTheCitysOwnData) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / ("base_" + RandomToken(6));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "old.tsv") << "topic\ttext\nmanholes\tСнова бламба\n";
  const auto base = ReadBaseExamples(SmallSeed(), folder.string());
  ASSERT_OK(base);
  EXPECT_EQ(base->weight(), 9);
  const auto made = TrainCandidate({}, {.active = SeedClassifier(), .base = *base});
  ASSERT_OK(made);
  EXPECT_EQ(made->source, "seed, old.tsv");
  std::ofstream(folder / "bad.tsv") << "topic\ttext\nno_such\tСнова бламба\n";
  EXPECT_THAT(std::string(ReadBaseExamples(SmallSeed(), folder.string()).status().message()),
              HasSubstr("bad.tsv"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace veche::classification

#include "services/classification/learning/candidate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/base/id.h"
#include "common/testing/status_matchers.h"
#include "services/classification/learning/testing.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using testing::LocalText;
using testing::SeedClassifier;
using testing::SmallSeed;
using testing::TimeAt;
using veche::testing::StatusIs;

std::vector<DecidedText> Decide(int count, const std::string& topic) {
  std::vector<DecidedText> texts;
  for (int i = 0; i < count; ++i) {
    texts.push_back({.labelled = {.example = {LocalText(i), topic}}, .time = TimeAt(i)});
  }
  return texts;
}

TEST(CandidateTest, LearnsWhatPeopleDecideAndProvesIt) {
  const auto active = SeedClassifier();
  // The seed's model cannot know: of the two topics it guesses one; people say the other.
  const std::string guess = active->Suggest(LocalText(1)).candidates[0].topic->id;
  const std::string right = guess == "heating" ? "manholes" : "heating";
  const auto made = MakeCandidate(Decide(60, right), {.active = active, .seed = SmallSeed()});
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

TEST(CandidateTest, TheActiveModelIsNotAskedWhatItWasTrainedOn) {
  const auto made =
      MakeCandidate(Decide(60, "heating"),
                    {.active = SeedClassifier(), .active_until = TimeAt(55), .seed = SmallSeed()});
  ASSERT_OK(made);
  EXPECT_EQ(made->scores.category().of(), 12);
  EXPECT_EQ(made->scores.newest().of(), 4);
  EXPECT_FALSE(made->scores.newest().better());
}

TEST(CandidateTest, SaysWhyThereIsNone) {
  EXPECT_THAT(MakeCandidate({}, {.active = SeedClassifier(), .seed = SmallSeed()}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(MakeCandidate(Decide(10, "heating"), {.active = SeedClassifier(),
                                                    .seed = SmallSeed(),
                                                    .cancelled = [] { return true; }}),
              StatusIs(absl::StatusCode::kCancelled));
}

TEST(CandidateTest, BeginsWithTheCitysOwnData) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / ("base_" + RandomToken(6));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "old.tsv") << "topic\ttext\nmanholes\tСнова бламба\n";
  const auto made = MakeCandidate(
      {}, {.active = SeedClassifier(), .seed = SmallSeed(), .base_folder = folder.string()});
  ASSERT_OK(made);
  EXPECT_EQ(made->source, "seed, old.tsv");
  std::ofstream(folder / "bad.tsv") << "topic\ttext\nno_such\tСнова бламба\n";
  const auto refused = MakeCandidate(
      {}, {.active = SeedClassifier(), .seed = SmallSeed(), .base_folder = folder.string()});
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("bad.tsv"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace veche::classification

#include "services/polling/domain/comment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/id.h"
#include "common/testing/fake_clock.h"
#include "services/polling/domain/comment_rules.h"

namespace veche::polling {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const absl::Duration kOld = kNewAccount;
const absl::Duration kNew = kNewAccount - absl::Seconds(1);

TEST(CommentTest, WilsonsBoundIsThatOfTheLiterature) {
  EXPECT_EQ(WilsonLowerBound(0, 0), 0);
  EXPECT_NEAR(WilsonLowerBound(1, 0), 0.2065, 1e-4);
  EXPECT_NEAR(WilsonLowerBound(10, 0), 0.7225, 1e-4);
  EXPECT_NEAR(WilsonLowerBound(50, 50), 0.4038, 1e-4);
  EXPECT_NEAR(WilsonLowerBound(0, 5), 0, 1e-12);
  // Sure approval beats a single vote, and many votes beat few of the same share.
  EXPECT_GT(RankOf(90, 10), RankOf(1, 0));
  EXPECT_GT(RankOf(60, 40), RankOf(6, 4));
  EXPECT_GT(RankOf(2, 1), RankOf(1, 2));
}

TEST(CommentTest, EditsWithinAQuarterOfAnHourAreSilent) {
  Comment comment;
  comment.created = comment.text_time = kNow;
  comment.text = "a";
  std::vector<CommentVersion> versions;
  versions.push_back(Edit("b", "", kNow + absl::Minutes(5), comment));
  versions.push_back(Edit("c", "", kNow + kSilentEdits, comment));
  EXPECT_FALSE(IsEdited(comment));
  EXPECT_THAT(ShownVersions(comment, versions), IsEmpty());
  versions.push_back(Edit("d", "", kNow + absl::Minutes(16), comment));
  versions.push_back(Edit("e", "", kNow + absl::Minutes(17), comment));
  EXPECT_TRUE(IsEdited(comment));
  const auto shown = ShownVersions(comment, versions);
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_EQ(shown[0].text, "c");
  EXPECT_EQ(shown[0].time, kNow + kSilentEdits);
  EXPECT_EQ(shown[1].text, "d");
  EXPECT_EQ(comment.text, "e");
}

TEST(CommentTest, ALateFirstEditShowsTheOriginal) {
  Comment comment;
  comment.created = comment.text_time = kNow;
  comment.text = "a";
  const auto replaced = Edit("b", "", kNow + absl::Hours(1), comment);
  const auto shown = ShownVersions(comment, {replaced});
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].text, "a");
}

TEST(CommentRulesTest, TheAgeOfAnAccountIsInItsId) {
  testing::FakeClock clock;
  UlidSource ids(clock);
  const std::string resident = "residents/" + ids.NewAt(kNow);
  EXPECT_EQ(AccountAge(resident, kNow + absl::Hours(5)), absl::Hours(5));
  EXPECT_EQ(AccountAge("residents/ivan", kNow), absl::InfiniteDuration());
  EXPECT_EQ(AccountAge("staff/" + ids.New(), kNow), absl::InfiniteDuration());
}

TEST(CommentRulesTest, NewAccountsWaitSooner) {
  const auto wait = [](absl::Duration age, int written, absl::Duration ago) {
    return WaitBeforeNext(LimitsFor(age), std::vector<absl::Time>(written, kNow - ago), kNow);
  };
  EXPECT_EQ(wait(kNew, 2, absl::Minutes(1)), absl::ZeroDuration());
  EXPECT_EQ(wait(kNew, 3, absl::Minutes(1)), absl::Minutes(9));
  EXPECT_EQ(wait(kNew, 9, absl::Hours(1)), absl::ZeroDuration());
  EXPECT_EQ(wait(kNew, 10, absl::Hours(1)), absl::Hours(23));
  EXPECT_EQ(wait(kOld, 19, absl::Minutes(1)), absl::ZeroDuration());
  EXPECT_EQ(wait(kOld, 20, absl::Minutes(1)), absl::Minutes(9));
}

TEST(CommentRulesTest, NobodyRepeatsThemselvesOrWritesManyLinks) {
  EXPECT_EQ(SpamProblem("Нужна дорожка, вот проект: https://kazan.ru/plan", {}).id, "");
  EXPECT_EQ(SpamProblem("http://a.ru http://b.ru", {}).id, "");
  EXPECT_EQ(SpamProblem("http://a.ru http://b.ru t.me/c", {}).id, "TOO_MANY_LINKS");
  const std::string recent[] = {"За!", "Голосуйте  за меня!"};
  EXPECT_EQ(SpamProblem("голосуйте за меня!", recent).id, "SAID_ALREADY");
  EXPECT_EQ(SpamProblem("Голосуйте за меня и за Петра!", recent).id, "");
}

TEST(CommentTest, AHeldCommentWaitsForAModerator) {
  Comment comment;
  EXPECT_FALSE(IsHeld(comment));
  Hold(comment);
  EXPECT_TRUE(IsHeld(comment));
  EXPECT_TRUE(comment.hidden);
  EXPECT_EQ(comment.report_count, 1);
  comment.hidden_by = "staff/1";
  EXPECT_FALSE(IsHeld(comment));
}

}  // namespace
}  // namespace veche::polling
